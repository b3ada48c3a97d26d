import QtQuick
import Shelflens
import "../widgets"

// The selected product: its photos, its fields, and what can be done with it.
Item {
    id: editor
    property bool portrait: false
    property bool cramped: false

    FieldForm {
        id: form
        objectName: "productForm"
        above: 20
        below: 20
        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: actions.top; leftMargin: 28; rightMargin: 28 }
        Row {
            width: parent.width
            spacing: 12
            IconButton {
                id: back
                visible: editor.portrait
                icon: "back"
                label: qsTr("Back")
                onClicked: Kiosk.products.deselect()
            }
            Column {
                width: parent.width - (back.visible ? back.width + 12 : 0)
                Label {
                    width: parent.width
                    text: Kiosk.products.form.name
                    font.pixelSize: 28
                    font.weight: Font.Bold
                }
                Label {
                    width: parent.width
                    text: Kiosk.products.form.sku + (Kiosk.products.active ? "" : "  ·  " + qsTr("Retired"))
                    color: Theme.mute
                    font.pixelSize: Theme.smallSize
                }
            }
        }
        PhotoStrip {
            objectName: "photos"
            width: parent.width
        }
        Suggestions { width: parent.width }
        NameField {
            objectName: "edit-name"
            width: parent.width
            value: Kiosk.products.form.name
            fault: Kiosk.products.problems.name
            onEdited: text => Kiosk.products.setName(text)
        }
        Row {
            width: parent.width
            spacing: 12
            PriceField {
                objectName: "edit-price"
                width: (parent.width - 12) / 2
                label: qsTr("Price")
                value: Kiosk.products.form.price
                shown: Kiosk.products.priceShown
                fault: Kiosk.products.problems.price
                onEdited: text => Kiosk.products.setPrice(text)
            }
            Field {
                objectName: "edit-category"
                width: (parent.width - 12) / 2
                label: qsTr("Category")
                value: Kiosk.products.form.category
                onEdited: text => Kiosk.products.setCategory(text)
            }
        }
        Field {
            objectName: "edit-description"
            width: parent.width
            label: qsTr("Description")
            value: Kiosk.products.form.description
            onEdited: text => Kiosk.products.setDescription(text)
        }
        Field {
            objectName: "edit-barcode"
            width: parent.width
            keys: "number"
            label: qsTr("Barcode")
            value: Kiosk.products.form.barcode
            onEdited: text => Kiosk.products.setBarcode(text)
        }
        Notice {
            width: parent.width
            tone: "bad"
            icon: "warning"
            text: Kiosk.products.fault
        }
    }
    ScrollMark { flick: form; anchors.rightMargin: -18 }
    Item {
        id: actions
        visible: !editor.cramped
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; bottomMargin: editor.cramped ? 0 : 20 }
        height: editor.cramped ? 0 : Theme.touch + 14
        Row {
            anchors { left: parent.left; bottom: parent.bottom }
            spacing: 12
            ActionButton {
                objectName: "deleteProduct"
                icon: "trash"
                text: qsTr("Delete")
                onClicked: Kiosk.products.remove()
            }
            ActionButton {
                objectName: "retireProduct"
                icon: Kiosk.products.active ? "archive" : "undo"
                text: Kiosk.products.active ? qsTr("Retire") : qsTr("Restore")
                onClicked: Kiosk.products.active ? Kiosk.products.retire() : Kiosk.products.restore()
            }
        }
        ActionButton {
            objectName: "saveChanges"
            anchors { right: parent.right; bottom: parent.bottom }
            kind: "primary"
            icon: "check"
            enabled: Kiosk.products.edited
            text: Kiosk.products.saved ? qsTr("Saved") : qsTr("Save")
            onClicked: Kiosk.products.save()
        }
    }
}
