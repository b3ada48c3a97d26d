pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Search by words, by category, and by the last picture.
Rectangle {
    id: screen
    property bool portrait: false
    property bool cramped: false
    readonly property bool withPicture: Kiosk.find.withPicture
    // What is like the picture comes first; the keys would hide half of it.
    onWithPictureChanged: if (withPicture && Kiosk.find.text === "") screen.forceActiveFocus()
    color: Theme.paper

    Item {
        id: top
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 24; leftMargin: 28; rightMargin: 28 }
        height: Theme.touch
        IconButton {
            id: back
            icon: "back"
            label: qsTr("Back")
            onClicked: Kiosk.app.go("look")
        }
        Field {
            id: words
            objectName: "searchField"
            anchors { left: back.right; leftMargin: 16; right: last.visible ? last.left : parent.right; rightMargin: last.visible ? 16 : 0 }
            icon: "search"
            placeholder: screen.withPicture ? qsTr("like this, but …") : qsTr("Name, brand, or what it is for")
            value: Kiosk.find.text
            onEdited: text => Kiosk.find.setText(text)
            Component.onCompleted: if (!screen.withPicture) input.forceActiveFocus()
        }
        Pressable {
            id: last
            objectName: "lastPicture"
            visible: Kiosk.find.hasPicture
            anchors.right: parent.right
            width: screen.portrait ? 64 : row.implicitWidth + 34
            height: Theme.touch
            radius: 20
            color: screen.withPicture ? Theme.leafPale : Theme.white
            frame: 2
            frameColor: screen.withPicture ? Theme.leaf : Theme.line
            label: lastWords.text
            onClicked: Kiosk.find.setWithPicture(!screen.withPicture)
            Accessible.role: Accessible.CheckBox
            Accessible.checked: screen.withPicture
            Row {
                id: row
                anchors { left: parent.left; leftMargin: 6; verticalCenter: parent.verticalCenter }
                spacing: 12
                ProductPicture {
                    width: 52
                    height: 52
                    radius: 15
                    key: Kiosk.find.pictureKey
                }
                Label {
                    id: lastWords
                    visible: !screen.portrait
                    anchors.verticalCenter: parent.verticalCenter
                    text: qsTr("Like the last picture")
                    font.weight: Font.DemiBold
                    color: screen.withPicture ? Theme.leafDark : Theme.ink
                }
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
        model: Kiosk.find.categories
        delegate: FilterChip {
            required property string modelData
            text: modelData
            on: Kiosk.find.category === modelData
            onClicked: Kiosk.find.setCategory(modelData)
        }
    }

    GridView {
        id: grid
        objectName: "results"
        readonly property int columns: screen.cramped ? (screen.portrait ? 1 : 2) : (screen.portrait ? 3 : 5)
        anchors { left: parent.left; right: parent.right; top: chips.bottom; topMargin: 12; bottom: parent.bottom; leftMargin: 28; rightMargin: 14 }
        clip: true
        model: Kiosk.find.results
        cellWidth: width / columns
        cellHeight: screen.cramped ? 98 : 266
        boundsBehavior: Flickable.StopAtBounds
        visible: grid.count > 0
        onMovementStarted: screen.forceActiveFocus()
        delegate: Item {
            id: cell
            required property string sku
            required property string name
            required property string price
            required property string category
            width: grid.cellWidth
            height: grid.cellHeight
            Loader {
                anchors { fill: parent; rightMargin: 14; bottomMargin: 14 }
                sourceComponent: screen.cramped ? line : tile
            }
            Component {
                id: tile
                ProductTile { sku: cell.sku; name: cell.name; price: cell.price; onClicked: screen.pick(cell.sku) }
            }
            Component {
                id: line
                ProductRow { sku: cell.sku; name: cell.name; price: cell.price; category: cell.category; onClicked: screen.pick(cell.sku) }
            }
        }
    }
    ScrollMark { flick: grid; anchors.rightMargin: -8 }
    function pick(sku: string) {
        screen.forceActiveFocus();
        Kiosk.find.select(sku);
    }

    Column {
        anchors { horizontalCenter: parent.horizontalCenter; verticalCenter: grid.verticalCenter }
        width: Math.min(parent.width - 80, 620)
        visible: grid.count === 0 && Kiosk.find.searched
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
        visible: !!Kiosk.find.selected
        color: Theme.veil
        MouseArea { anchors.fill: parent; onClicked: Kiosk.find.select("") }
        Sheet {
            id: found
            readonly property ProductViewObject product: Kiosk.find.selected
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
                sku: found.product?.sku ?? ""
            }
            Column {
                x: screen.portrait ? 28 : picture.width + 60
                y: screen.portrait ? picture.height + 48 : 32
                width: parent.width - x - 28
                spacing: 8
                Label {
                    width: parent.width
                    text: found.product?.name ?? ""
                    font.pixelSize: Theme.nameSizeFor(text)
                    font.weight: Font.DemiBold
                    wrapMode: Text.Wrap
                    maximumLineCount: 2
                }
                Label {
                    width: parent.width
                    text: found.product?.category ?? ""
                    visible: text !== ""
                    color: Theme.mute
                }
                Label {
                    width: parent.width
                    text: found.product ? found.product.price || qsTr("Ask us for the price") : ""
                    font.pixelSize: Theme.priceSize
                    font.weight: Font.Bold
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 30
                }
                Label {
                    width: parent.width
                    text: found.product?.description ?? ""
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
                onClicked: Kiosk.find.select("")
            }
        }
    }
}
