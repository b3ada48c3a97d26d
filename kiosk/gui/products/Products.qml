import QtQuick
import Shelflens
import "../widgets"

// The catalogue: find, edit, retire, delete with undo, photos; and what looks alike.
Item {
    id: page
    property bool portrait: false
    property bool cramped: false
    readonly property bool editing: Kiosk.products.selected

    ProductList {
        id: listing
        visible: !page.portrait || !page.editing
        listShown: !(page.portrait && (Kiosk.products.pairsShown || Kiosk.requests.listed))
        width: page.portrait ? page.width : 500
        anchors { top: parent.top; bottom: parent.bottom; left: parent.left }
    }
    Rectangle {
        visible: !page.portrait
        x: listing.width
        width: 1
        height: parent.height
        color: Theme.line
    }
    Column {
        visible: !page.editing && !page.portrait && !Kiosk.products.pairsShown && !Kiosk.requests.listed
        anchors.centerIn: editor
        spacing: 14
        Icon { anchors.horizontalCenter: parent.horizontalCenter; name: "edit"; size: 60; color: "#C9C2B4" }
        Label { text: qsTr("Tap a product to edit it"); color: Theme.mute; font.pixelSize: Theme.bodySize }
    }
    ProductEditor {
        id: editor
        anchors { left: page.portrait ? parent.left : listing.right; right: parent.right; top: parent.top; bottom: parent.bottom }
        visible: page.editing
        portrait: page.portrait
        cramped: page.cramped
    }
    LookAlikes {
        objectName: "pairsPanel"
        visible: Kiosk.products.pairsShown && !page.editing
        anchors { left: page.portrait ? parent.left : listing.right; leftMargin: page.portrait ? 0 : 1; right: parent.right; top: parent.top; bottom: parent.bottom; topMargin: page.portrait ? 96 : 0 }
    }
    Requests {
        objectName: "requestsPanel"
        visible: Kiosk.requests.listed && !page.editing
        anchors { left: page.portrait ? parent.left : listing.right; leftMargin: page.portrait ? 0 : 1; right: parent.right; top: parent.top; bottom: parent.bottom; topMargin: page.portrait ? 96 : 0 }
    }
    Rectangle {
        objectName: "undoBar"
        visible: Kiosk.products.undoName !== ""
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 24 }
        width: Math.min(parent.width - 56, 720)
        height: 84
        radius: 28
        color: Theme.ink
        Label {
            anchors { left: parent.left; right: undo.left; leftMargin: 28; rightMargin: 16; verticalCenter: parent.verticalCenter }
            text: qsTr("Deleted: %1").arg(Kiosk.products.undoName)
            color: Theme.white
        }
        ActionButton {
            id: undo
            objectName: "undoDelete"
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            icon: "undo"
            text: qsTr("Undo")
            onClicked: Kiosk.products.undoRemove()
        }
    }
}
