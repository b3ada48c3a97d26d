pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Kindly: the shop does not seem to have this. The nearest five, and search by name.
Item {
    id: card
    property bool portrait: false
    readonly property RowsModel tiles: Kiosk.look.tiles
    readonly property bool scanned: Kiosk.look.code !== ""
    readonly property bool bare: !Kiosk.setup.stocked

    Column {
        id: head
        width: parent.width
        spacing: 8
        Label {
            objectName: "unknownTitle"
            width: parent.width
            text: card.bare ? qsTr("This kiosk knows no products yet") : card.scanned ? qsTr("We don't have this") : card.tiles.count > 0 ? qsTr("I don't think we have this") : qsTr("Sorry, I can't tell what it is")
            font.pixelSize: card.portrait ? Theme.titleSize : 31
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            maximumLineCount: 2
        }
        Label {
            width: parent.width
            visible: card.tiles.count > 0
            text: qsTr("These come closest:")
            color: Theme.mute
            wrapMode: Text.Wrap
            maximumLineCount: 2
        }
        Label {
            width: parent.width
            objectName: "unknownCode"
            visible: card.tiles.count === 0
            text: card.bare ? qsTr("For staff: photograph the first one, it takes a minute.") : card.scanned ? qsTr("The number on it is %1.").arg(Kiosk.look.code) : qsTr("Turn it so that the label shows, or search by name.")
            color: Theme.mute
            wrapMode: Text.Wrap
            maximumLineCount: 3
        }
    }
    Column {
        id: list
        visible: !card.portrait
        anchors { top: head.bottom; topMargin: 14; left: parent.left; right: parent.right; bottom: buttons.top; bottomMargin: 16 }
        spacing: 8
        Repeater {
            model: card.portrait ? null : card.tiles
            ProductRow {
                width: list.width
                height: Math.min(84, (list.height - 32) / 5)
                note: ""
                onClicked: Kiosk.look.choose(sku)
            }
        }
    }
    Row {
        id: strip
        visible: card.portrait
        anchors { top: head.bottom; topMargin: 18; left: parent.left; right: parent.right; bottom: buttons.top; bottomMargin: 20 }
        spacing: 10
        Repeater {
            model: card.portrait ? card.tiles : null
            ProductTile {
                width: (strip.width - 40) / 5
                height: Math.min(strip.height, 240)
                onClicked: Kiosk.look.choose(sku)
            }
        }
    }
    RoundSign {
        visible: card.tiles.count === 0
        anchors { horizontalCenter: parent.horizontalCenter; verticalCenter: parent.verticalCenter; verticalCenterOffset: 24 }
        side: card.portrait ? 132 : 200
        tone: "unsure"
        icon: card.bare ? "box" : card.scanned ? "barcode" : "refresh"
    }
    Row {
        id: buttons
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        spacing: 14
        ActionButton {
            width: (parent.width - 14) * 0.4
            text: qsTr("Close")
            onClicked: Kiosk.look.dismiss()
        }
        ActionButton {
            width: (parent.width - 14) * 0.6
            objectName: "unknownAction"
            kind: "primary"
            icon: card.bare ? "lock" : "search"
            text: card.bare ? qsTr("Staff: set up") : qsTr("Search by name")
            onClicked: Kiosk.app.go(card.bare ? "pin" : "find")
        }
    }
}
