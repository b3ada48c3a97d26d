pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Not sure: up to five products to choose from, and a way to say that it is none of them.
Item {
    id: card
    property bool portrait: false

    Column {
        id: head
        width: parent.width
        spacing: 10
        Tag { text: qsTr("Not sure"); tone: "unsure" }
        Label {
            width: parent.width
            text: qsTr("Is it one of these?")
            font.pixelSize: Theme.titleSize
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            maximumLineCount: 2
        }
    }
    Grid {
        id: grid
        anchors { top: head.bottom; topMargin: 18; left: parent.left; right: parent.right; bottom: parent.bottom }
        columns: 3
        spacing: 14
        readonly property real cellWidth: (width - 28) / 3
        readonly property real cellHeight: (height - 14) / 2
        Repeater {
            model: Kiosk.look.tiles
            ProductTile {
                width: grid.cellWidth
                height: grid.cellHeight
                onClicked: Kiosk.look.choose(sku)
            }
        }
        Pressable {
            objectName: "noneOfThem"
            width: grid.cellWidth
            height: grid.cellHeight
            radius: 20
            color: pressed ? Theme.sunken : "transparent"
            frame: 2
            label: words.text
            onClicked: Kiosk.look.noneOfThem()
            Column {
                anchors.centerIn: parent
                width: parent.width - 24
                spacing: 10
                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    name: "close"
                    size: 44
                    color: Theme.mute
                }
                Label {
                    id: words
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    wrapMode: Text.Wrap
                    text: qsTr("None of them")
                    font.weight: Font.DemiBold
                }
            }
        }
    }
}
