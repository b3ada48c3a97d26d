import QtQuick
import Shelflens

// Not sure: up to five products to choose from, and a way to say that it is none of them.
Item {
    id: card
    property bool portrait: false
    readonly property var tiles: look.view.tiles

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
    Column {
        id: list
        visible: !card.portrait
        anchors { top: head.bottom; topMargin: 16; left: parent.left; right: parent.right; bottom: none.top; bottomMargin: 16 }
        spacing: 10
        Repeater {
            model: card.portrait ? [] : card.tiles
            ProductRow {
                required property var modelData
                width: list.width
                height: Math.min(92, (list.height - 40) / 5)
                product: modelData
                note: ""
                onClicked: look.choose(modelData.sku)
            }
        }
    }
    Grid {
        id: grid
        visible: card.portrait
        anchors { top: head.bottom; topMargin: 18; left: parent.left; right: parent.right; bottom: parent.bottom }
        columns: 3
        spacing: 14
        readonly property real cellWidth: (width - 28) / 3
        readonly property real cellHeight: (height - 14) / 2
        Repeater {
            model: card.portrait ? card.tiles : []
            ProductTile {
                required property var modelData
                width: grid.cellWidth
                height: grid.cellHeight
                product: modelData
                onClicked: look.choose(modelData.sku)
            }
        }
        NoneTile {
            visible: card.portrait
            width: grid.cellWidth
            height: grid.cellHeight
        }
    }
    ActionButton {
        id: none
        objectName: "noneOfThem"
        visible: !card.portrait
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        text: qsTr("None of them")
        onClicked: look.noneOfThem()
    }

    component NoneTile: Rectangle {
        id: tile
        radius: 20
        color: tap.pressed ? Theme.sunken : "transparent"
        border.width: 2
        border.color: Theme.line
        Accessible.role: Accessible.Button
        Accessible.name: words.text
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
        MouseArea {
            id: tap
            anchors.fill: parent
            onClicked: look.noneOfThem()
        }
    }
}
