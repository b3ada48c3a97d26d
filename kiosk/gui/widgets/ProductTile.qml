import QtQuick

// A product to tap: picture above, name and price below.
Rectangle {
    id: tile
    property var product: ({})
    property bool whole: false
    readonly property bool narrow: width < 150
    signal clicked

    radius: 20
    color: area.pressed ? Theme.sunken : Theme.white
    border.width: activeFocus ? 3 : 2
    border.color: activeFocus ? Theme.leafBright : Theme.line
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: name.text + ", " + price.text
    Accessible.onPressAction: tile.clicked()
    Keys.onReturnPressed: tile.clicked()
    Keys.onSpacePressed: tile.clicked()

    ProductPicture {
        id: picture
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: name.top; margins: 12; bottomMargin: 8 }
        radius: 12
        whole: tile.whole
        key: tile.product.sku ? "product/" + tile.product.sku : ""
    }
    Label {
        id: name
        anchors { left: parent.left; right: parent.right; bottom: price.top; leftMargin: tile.narrow ? 10 : 14; rightMargin: tile.narrow ? 10 : 14; bottomMargin: 2 }
        text: tile.product.name || ""
        height: 54
        verticalAlignment: Text.AlignTop
        wrapMode: Text.Wrap
        maximumLineCount: 2
        font.pixelSize: 19
        lineHeight: 0.95
    }
    Label {
        id: price
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: tile.narrow ? 10 : 14; rightMargin: tile.narrow ? 10 : 14; bottomMargin: 10 }
        text: tile.product.price || (tile.product.sku ? "—" : "")
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
