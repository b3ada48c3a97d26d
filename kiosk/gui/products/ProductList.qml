pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// The catalogue with its search, retired products too.
Item {
    id: listing
    property bool listShown: true

    Field {
        id: search
        objectName: "productSearch"
        anchors { left: parent.left; right: pairs.left; top: parent.top; leftMargin: 28; rightMargin: 12; topMargin: 20 }
        icon: "search"
        placeholder: qsTr("Name, SKU, text")
        value: Kiosk.products.query
        onEdited: text => Kiosk.products.setQuery(text)
    }
    FilterChip {
        id: pairs
        objectName: "pairs"
        anchors { right: parent.right; rightMargin: 28; top: parent.top; topMargin: 18 }
        text: qsTr("Alike")
        on: Kiosk.products.pairsShown
        onClicked: {
            Kiosk.requests.showList(false);
            Kiosk.products.showPairs(!Kiosk.products.pairsShown);
        }
    }
    Pressable {
        id: asked
        objectName: "requests"
        visible: listing.listShown && Kiosk.requests.total > 0
        anchors { left: parent.left; right: parent.right; top: search.bottom; leftMargin: 28; rightMargin: 28; topMargin: 14 }
        height: visible ? 72 : 0
        radius: 20
        color: pressed ? Theme.sunken : Theme.amberPale
        label: askedWords.text
        onClicked: {
            Kiosk.products.showPairs(false);
            Kiosk.requests.showList(true);
        }
        Icon {
            id: askedSign
            anchors { left: parent.left; leftMargin: 20; verticalCenter: parent.verticalCenter }
            name: "barcode"
            size: 30
            color: Theme.amberDark
        }
        Label {
            id: askedWords
            anchors { left: askedSign.right; leftMargin: 14; right: askedMore.left; verticalCenter: parent.verticalCenter }
            text: qsTr("Asked for, but not here: %1").arg(Kiosk.requests.total)
            font.weight: Font.DemiBold
            color: Theme.amberDark
        }
        Icon {
            id: askedMore
            anchors { right: parent.right; rightMargin: 16; verticalCenter: parent.verticalCenter }
            name: "chevron-right"
            size: 26
            color: Theme.amberDark
        }
    }
    ListView {
        id: list
        objectName: "productList"
        visible: listing.listShown
        anchors { left: parent.left; right: parent.right; top: asked.visible ? asked.bottom : search.bottom; bottom: parent.bottom; topMargin: asked.visible ? 10 : 14 }
        leftMargin: 28
        rightMargin: 28
        bottomMargin: 20
        spacing: 10
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: Kiosk.products.rows
        delegate: ProductRow {
            required property bool active
            width: list.width - 56
            faded: !active
            note: active ? [category, sku].filter(each => each !== "").join("  ·  ") : qsTr("Retired")
            chosen: Kiosk.products.selected && Kiosk.products.form.sku === sku
            onClicked: Kiosk.products.select(sku)
        }
        footer: Label {
            width: list.width - 56
            height: visible ? 56 : 0
            visible: Kiosk.products.total > Kiosk.products.rows.count && Kiosk.products.query === ""
            horizontalAlignment: Text.AlignHCenter
            color: Theme.mute
            font.pixelSize: Theme.smallSize
            text: qsTr("%1 of %2 shown. Search to see the others.").arg(Kiosk.products.rows.count).arg(Kiosk.products.total)
        }
    }
    ScrollMark { flick: list }
    Column {
        visible: Kiosk.products.rows.count === 0
        anchors.centerIn: list
        spacing: 12
        Icon { anchors.horizontalCenter: parent.horizontalCenter; name: "box"; size: 60; color: "#C9C2B4" }
        Label { text: Kiosk.products.query === "" ? qsTr("No products yet") : qsTr("Nothing found"); font.weight: Font.DemiBold }
    }
}
