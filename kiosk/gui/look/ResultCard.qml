import QtQuick
import Shelflens
import "../widgets"

// Name, price (largest) and how sure the kiosk is.
Item {
    id: card
    property bool portrait: false
    readonly property ProductViewObject product: Kiosk.look.product
    readonly property bool chosen: Kiosk.look.kind === "chosen"
    readonly property bool scanned: Kiosk.look.code !== ""

    ProductPicture {
        id: picture
        width: card.portrait ? 250 : card.width
        height: card.portrait ? 250 : card.height - facts.implicitHeight - buttons.height - 40
        radius: 22
        sku: card.product.sku
    }
    Column {
        id: facts
        x: card.portrait ? picture.width + 26 : 0
        y: card.portrait ? (picture.height - implicitHeight) / 2 : picture.height + 18
        width: card.width - x
        spacing: 4
        Label {
            objectName: "cardName"
            width: parent.width
            text: card.product.name
            font.pixelSize: Theme.nameSizeFor(text)
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            maximumLineCount: 2
            lineHeight: 1.05
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: card.product.category
            color: Theme.mute
            font.pixelSize: 20
        }
        Label {
            objectName: "cardPrice"
            width: parent.width
            text: card.product.price || qsTr("Ask us for the price")
            font.pixelSize: Theme.priceSize
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 30
        }
        ConfidenceRow {
            width: parent.width
            visible: !card.chosen && !card.scanned
            stars: Kiosk.look.stars
            percent: Kiosk.look.percent
        }
        Tag {
            visible: card.chosen
            text: qsTr("You chose this")
            tone: "plain"
        }
        Tag {
            objectName: "scannedTag"
            visible: card.scanned
            text: qsTr("Scanned")
            tone: "sure"
        }
    }
    Row {
        id: buttons
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: Theme.touch
        spacing: 14
        ActionButton {
            objectName: "notThisOne"
            width: (parent.width - 14) / 2
            text: card.chosen || card.scanned ? qsTr("Close") : qsTr("Not this one?")
            onClicked: card.chosen || card.scanned ? Kiosk.look.dismiss() : Kiosk.look.notThisOne()
        }
        ActionButton {
            objectName: "details"
            width: (parent.width - 14) / 2
            kind: "primary"
            text: qsTr("Details")
            onClicked: Kiosk.look.showDetails(true)
        }
    }
}
