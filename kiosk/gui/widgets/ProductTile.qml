import QtQuick

// A product to tap: picture above, name and price below.
Rectangle {
    id: tile
    required property string sku
    required property string name
    required property string price
    property bool whole: false
    readonly property bool narrow: width < 150
    signal clicked

    radius: 20
    color: area.pressed ? Theme.sunken : Theme.white
    border.width: activeFocus ? 3 : 2
    border.color: activeFocus ? Theme.leafBright : Theme.line
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: nameLabel.text + ", " + priceLabel.text
    Accessible.onPressAction: tile.clicked()
    Keys.onReturnPressed: tile.clicked()
    Keys.onSpacePressed: tile.clicked()

    ProductPicture {
        id: picture
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: nameLabel.top; margins: 12; bottomMargin: 8 }
        radius: 12
        whole: tile.whole
        key: tile.sku ? "product/" + tile.sku : ""
    }
    Label {
        id: nameLabel
        anchors { left: parent.left; right: parent.right; bottom: priceLabel.top; leftMargin: tile.narrow ? 10 : 14; rightMargin: tile.narrow ? 10 : 14; bottomMargin: 2 }
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
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: tile.narrow ? 10 : 14; rightMargin: tile.narrow ? 10 : 14; bottomMargin: 10 }
        text: tile.price || (tile.sku ? "—" : "")
        font.pixelSize: tile.narrow ? 20 : 26
        font.weight: Font.Bold
        fontSizeMode: Text.HorizontalFit
        minimumPixelSize: 16
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onClicked: tile.clicked()
    }
}
