import QtQuick
import "../widgets"

// Search by words, by category, and by the last picture.
Rectangle {
    id: screen
    property bool portrait: false
    property bool cramped: false
    readonly property var view: find.view
    readonly property bool withPicture: view.withPicture
    // What is like the picture comes first; the keys would hide half of it.
    onWithPictureChanged: if (withPicture && view.text === "") screen.forceActiveFocus()
    color: Theme.paper

    Item {
        id: top
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 24; leftMargin: 28; rightMargin: 28 }
        height: Theme.touch
        IconButton {
            id: back
            icon: "back"
            label: qsTr("Back")
            onClicked: app.go("look")
        }
        Field {
            id: words
            objectName: "searchField"
            anchors { left: back.right; leftMargin: 16; right: last.visible ? last.left : parent.right; rightMargin: last.visible ? 16 : 0 }
            icon: "search"
            placeholder: screen.view.withPicture ? qsTr("like this, but …") : qsTr("Name, brand, or what it is for")
            value: screen.view.text
            onEdited: text => find.setText(text)
            Component.onCompleted: if (!screen.view.withPicture) input.forceActiveFocus()
        }
        Rectangle {
            id: last
            objectName: "lastPicture"
            visible: screen.view.hasPicture
            anchors.right: parent.right
            width: screen.portrait ? 64 : row.implicitWidth + 34
            height: Theme.touch
            radius: 20
            color: screen.view.withPicture ? Theme.leafPale : Theme.white
            border.width: 2
            border.color: screen.view.withPicture ? Theme.leaf : Theme.line
            Accessible.role: Accessible.CheckBox
            Accessible.name: qsTr("Like the last picture")
            Accessible.checked: screen.view.withPicture
            Row {
                id: row
                anchors { left: parent.left; leftMargin: 6; verticalCenter: parent.verticalCenter }
                spacing: 12
                ProductPicture {
                    width: 52
                    height: 52
                    radius: 15
                    key: "last/picture"
                }
                Label {
                    visible: !screen.portrait
                    anchors.verticalCenter: parent.verticalCenter
                    text: qsTr("Like the last picture")
                    font.weight: Font.DemiBold
                    color: screen.view.withPicture ? Theme.leafDark : Theme.ink
                }
            }
            MouseArea {
                anchors.fill: parent
                onClicked: find.setWithPicture(!screen.view.withPicture)
            }
        }
    }

    ListView {
        id: chips
        anchors { left: parent.left; right: parent.right; top: top.bottom; topMargin: 12 }
        height: count ? Theme.touch : 0
        leftMargin: 28
        rightMargin: 28
        orientation: ListView.Horizontal
        spacing: 10
        model: screen.view.categories
        delegate: FilterChip {
            required property string modelData
            text: modelData
            on: screen.view.category === modelData
            onClicked: find.setCategory(modelData)
        }
    }

    GridView {
        id: grid
        objectName: "results"
        readonly property int columns: screen.cramped ? (screen.portrait ? 1 : 2) : (screen.portrait ? 3 : 5)
        anchors { left: parent.left; right: parent.right; top: chips.bottom; topMargin: 12; bottom: parent.bottom; leftMargin: 28; rightMargin: 14 }
        clip: true
        model: find.results
        cellWidth: width / columns
        cellHeight: screen.cramped ? 98 : 266
        boundsBehavior: Flickable.StopAtBounds
        visible: screen.view.count > 0
        onMovementStarted: screen.forceActiveFocus()
        delegate: Item {
            id: cell
            required property var row
            width: grid.cellWidth
            height: grid.cellHeight
            Loader {
                anchors { fill: parent; rightMargin: 14; bottomMargin: 14 }
                sourceComponent: screen.cramped ? line : tile
            }
            Component {
                id: tile
                ProductTile { product: cell.row; onClicked: screen.pick(cell.row.sku) }
            }
            Component {
                id: line
                ProductRow { product: cell.row; onClicked: screen.pick(cell.row.sku) }
            }
        }
    }
    ScrollMark { flick: grid; anchors.rightMargin: -8 }
    function pick(sku) {
        screen.forceActiveFocus();
        find.select(sku);
    }

    Column {
        anchors { horizontalCenter: parent.horizontalCenter; verticalCenter: grid.verticalCenter }
        width: Math.min(parent.width - 80, 620)
        visible: screen.view.count === 0 && screen.view.searched
        spacing: 12
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: !screen.cramped
            name: "search"
            size: 60
            color: "#C9C2B4"
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Nothing found")
            font.pixelSize: 28
            font.weight: Font.DemiBold
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: qsTr("Try fewer letters, another category, or show it to the camera.")
            color: Theme.mute
        }
    }

    Rectangle {
        objectName: "foundProduct"
        anchors.fill: parent
        visible: !!screen.view.selected
        color: Theme.veil
        MouseArea { anchors.fill: parent; onClicked: find.select("") }
        Sheet {
            id: found
            readonly property var product: screen.view.selected || ({})
            anchors.centerIn: parent
            width: screen.portrait ? parent.width - 64 : 980
            height: screen.portrait ? 900 : Math.min(480, parent.height - 40)
            ProductPicture {
                id: picture
                x: 28
                y: 28
                width: screen.portrait ? parent.width - 56 : parent.height - 56
                height: screen.portrait ? 420 : parent.height - 56
                radius: 22
                key: found.product.sku ? "product/" + found.product.sku : ""
            }
            Column {
                x: screen.portrait ? 28 : picture.width + 60
                y: screen.portrait ? picture.height + 48 : 32
                width: parent.width - x - 28
                spacing: 8
                Label {
                    width: parent.width
                    text: found.product.name || ""
                    font.pixelSize: Theme.nameSizeFor(text)
                    font.weight: Font.DemiBold
                    wrapMode: Text.Wrap
                    maximumLineCount: 2
                }
                Label {
                    width: parent.width
                    text: found.product.category || ""
                    visible: text !== ""
                    color: Theme.mute
                }
                Label {
                    width: parent.width
                    text: found.product.price || (found.product.sku ? qsTr("Ask us for the price") : "")
                    font.pixelSize: Theme.priceSize
                    font.weight: Font.Bold
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 30
                }
                Label {
                    width: parent.width
                    text: found.product.description || ""
                    visible: text !== ""
                    wrapMode: Text.Wrap
                    maximumLineCount: screen.portrait ? 5 : 4
                    lineHeight: 1.2
                }
            }
            ActionButton {
                anchors { right: parent.right; bottom: parent.bottom; margins: 28 }
                kind: "primary"
                text: qsTr("Close")
                onClicked: find.select("")
            }
        }
    }
}
