pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// The products most easily confused, in pairs, and what customers corrected.
Rectangle {
    color: Theme.paper
    Label {
        id: title
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 28; topMargin: 22 }
        text: qsTr("Most easily confused")
        font.pixelSize: 28
        font.weight: Font.Bold
    }
    Label {
        id: words
        anchors { left: parent.left; right: parent.right; top: title.bottom; leftMargin: 28; rightMargin: 28; topMargin: 4 }
        wrapMode: Text.Wrap
        text: !Kiosk.products.pairsKnown ? qsTr("One moment") : list.count ? qsTr("More photos of what sets them apart help. Tap one to open it.") : qsTr("There are no two products to compare yet.")
        color: Theme.mute
        font.pixelSize: Theme.smallSize
    }
    ListView {
        id: list
        anchors { left: parent.left; right: parent.right; top: words.bottom; bottom: parent.bottom; topMargin: 14 }
        leftMargin: 28
        rightMargin: 28
        bottomMargin: 20
        spacing: 14
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: Kiosk.products.pairs
        footer: Column {
            width: list.width - 56
            topPadding: 26
            spacing: 10
            visible: corrections.count > 0
            Label {
                text: qsTr("What customers corrected")
                font.pixelSize: 24
                font.weight: Font.Bold
            }
            Repeater {
                id: corrections
                model: Kiosk.products.corrections
                Notice {
                    required property string shown
                    required property string chosen
                    required property int times
                    width: list.width - 56
                    tone: "plain"
                    icon: "hand"
                    text: qsTr("%1 → %2, %3×").arg(shown || qsTr("not sure")).arg(chosen || qsTr("none of the five")).arg(times)
                }
            }
        }
        delegate: Row {
            id: pair
            required property string firstSku
            required property string firstName
            required property string firstPrice
            required property string secondSku
            required property string secondName
            required property string secondPrice
            required property int similarPercent
            required property int confusedPercent
            width: list.width - 56
            height: 200
            spacing: 12
            ProductTile {
                width: (pair.width - 124) / 2
                height: pair.height
                whole: true
                sku: pair.firstSku
                name: pair.firstName
                price: pair.firstPrice
                onClicked: Kiosk.products.select(sku)
            }
            Column {
                width: 100
                anchors.verticalCenter: parent.verticalCenter
                Label {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: qsTr("%1 %").arg(pair.similarPercent)
                    font.pixelSize: 30
                    font.weight: Font.Bold
                }
                Label {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: qsTr("alike")
                    color: Theme.mute
                }
                Label {
                    width: parent.width
                    visible: pair.confusedPercent > 0
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.Wrap
                    text: qsTr("%1 % confused").arg(pair.confusedPercent)
                    color: Theme.amberDark
                    font.pixelSize: 16
                }
            }
            ProductTile {
                width: (pair.width - 124) / 2
                height: pair.height
                whole: true
                sku: pair.secondSku
                name: pair.secondName
                price: pair.secondPrice
                onClicked: Kiosk.products.select(sku)
            }
        }
    }
}
