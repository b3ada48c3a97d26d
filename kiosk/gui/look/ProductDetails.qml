pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Everything about one product, and what is like it.
Item {
    id: card
    property bool portrait: false
    readonly property ProductViewObject product: Kiosk.look.product

    Row {
        id: head
        width: parent.width
        height: card.portrait ? 150 : 112
        spacing: 18
        ProductPicture {
            width: parent.height
            height: parent.height
            radius: 18
            sku: card.product.sku
        }
        Column {
            width: parent.width - parent.height - 18
            anchors.verticalCenter: parent.verticalCenter
            Label {
                width: parent.width
                text: card.product.name
                font.pixelSize: 27
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                maximumLineCount: 2
            }
            Label {
                width: parent.width
                text: card.product.price || qsTr("Ask us for the price")
                font.pixelSize: 38
                font.weight: Font.Bold
                fontSizeMode: Text.HorizontalFit
                minimumPixelSize: 20
            }
        }
    }
    Column {
        id: facts
        anchors { top: head.bottom; topMargin: 18; left: parent.left; right: parent.right }
        spacing: 12
        Label {
            width: parent.width
            visible: text !== ""
            text: card.product.description
            wrapMode: Text.Wrap
            maximumLineCount: card.portrait ? 5 : 6
            lineHeight: 1.2
        }
        Label {
            width: parent.width
            color: Theme.mute
            font.pixelSize: Theme.smallSize
            text: [card.product.category, card.product.barcode !== "" ? qsTr("Barcode %1").arg(card.product.barcode) : ""].filter(each => each !== "").join("  ·  ")
            visible: text !== ""
        }
    }
    Label {
        id: heading
        anchors { left: parent.left; right: parent.right; bottom: row.top; bottomMargin: 10 }
        visible: Kiosk.look.similar.count > 0
        text: qsTr("More like this")
        font.weight: Font.DemiBold
    }
    Item {
        id: row
        anchors { left: parent.left; right: parent.right; bottom: buttons.top; bottomMargin: 20 }
        height: card.portrait ? 236 : 206
        Repeater {
            model: Kiosk.look.similar
            ProductTile {
                required property int index
                readonly property int count: card.portrait ? 4 : 3
                width: (row.width - (count - 1) * 12) / count
                height: row.height
                x: index * (width + 12)
                visible: index < count
                onClicked: Kiosk.look.choose(sku)
            }
        }
    }
    Row {
        id: buttons
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        spacing: 14
        ActionButton {
            width: (parent.width - 14) / 2
            icon: "back"
            text: qsTr("Back")
            onClicked: Kiosk.look.showDetails(false)
        }
        ActionButton {
            width: (parent.width - 14) / 2
            kind: "primary"
            icon: "search"
            text: qsTr("Find others")
            onClicked: Kiosk.look.findLikeThis()
        }
    }
}
