import QtQuick

// A product to tap: picture above, name and price below.
Pressable {
    id: tile
    required property string sku
    required property string name
    required property string price
    property bool whole: false
    readonly property int side: width < 150 ? 10 : 14

    label: nameLabel.text + ", " + priceLabel.text
    radius: 20
    color: pressed ? Theme.sunken : Theme.white
    frame: 2

    ProductPicture {
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: nameLabel.top; margins: 12; bottomMargin: 8 }
        radius: 12
        whole: tile.whole
        sku: tile.sku
    }
    Label {
        id: nameLabel
        anchors { left: parent.left; right: parent.right; bottom: priceLabel.top; leftMargin: tile.side; rightMargin: tile.side; bottomMargin: 2 }
        text: tile.name
        height: 54
        verticalAlignment: Text.AlignTop
        wrapMode: Text.Wrap
        maximumLineCount: 2
        font.pixelSize: 19
        lineHeight: 0.95
    }
    Label {
        id: priceLabel
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: tile.side; rightMargin: tile.side; bottomMargin: 10 }
        text: tile.price || (tile.sku ? "—" : "")
        font.pixelSize: tile.width < 150 ? 20 : 26
        font.weight: Font.Bold
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 16
    }
}
