import QtQuick

// A product to tap, as one line of a list: picture, name, category, price.
Pressable {
    id: row
    required property string sku
    required property string name
    required property string price
    required property string category
    property string note: category
    property bool chosen: false
    property bool faded: false

    implicitHeight: 84
    label: nameLabel.text + ", " + priceLabel.text
    radius: 18
    color: pressed ? Theme.sunken : (chosen ? Theme.leafPale : Theme.white)
    frame: 2
    frameColor: chosen ? Theme.leaf : Theme.line

    ProductPicture {
        id: picture
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom; margins: 8 }
        width: height
        radius: 12
        opacity: row.faded ? 0.5 : 1
        sku: row.sku
    }
    Column {
        anchors { left: picture.right; right: priceLabel.left; leftMargin: 14; rightMargin: 10; verticalCenter: parent.verticalCenter }
        Label {
            id: nameLabel
            width: parent.width
            text: row.name
            font.weight: Font.Medium
            font.pixelSize: row.note === "" ? 21 : 22
            wrapMode: row.note === "" ? Text.Wrap : Text.NoWrap
            maximumLineCount: row.note === "" ? 2 : 1
            color: row.faded ? Theme.mute : Theme.ink
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: row.note
            color: Theme.mute
            font.pixelSize: 17
        }
    }
    Label {
        id: priceLabel
        anchors { right: parent.right; rightMargin: 18; verticalCenter: parent.verticalCenter }
        width: Math.min(implicitWidth, row.width * 0.4)
        horizontalAlignment: Text.AlignRight
        text: row.price || (row.sku ? "—" : "")
        font.pixelSize: 25
        font.weight: Font.Bold
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 15
        color: row.faded ? Theme.mute : Theme.ink
    }
}
