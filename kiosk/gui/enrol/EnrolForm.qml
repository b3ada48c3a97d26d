pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../products"
import "../widgets"

// What is to be typed about the product, with what the pictures and the barcode say of it.
FieldForm {
    id: form
    objectName: "enrolForm"

    Row {
        width: parent.width
        Label {
            width: parent.width - discard.width
            height: Theme.touch
            text: Kiosk.enrol.existing ? qsTr("More photos") : qsTr("New product")
            font.pixelSize: 30
            font.weight: Font.Bold
        }
        ActionButton {
            id: discard
            visible: Kiosk.enrol.begun
            width: visible ? implicitWidth : 0
            icon: "trash"
            text: qsTr("Discard")
            size: 18
            onClicked: Kiosk.enrol.discard()
        }
    }
    Notice {
        width: parent.width
        tone: "plain"
        icon: "undo"
        visible: Kiosk.enrol.restored
        text: qsTr("Your unfinished product is still here. Go on, or discard it.")
    }
    Notice {
        width: parent.width
        visible: !!Kiosk.enrol.alike
        icon: "warning"
        text: Kiosk.enrol.alike ? qsTr("Looks much like %1. Show what sets it apart: the label, the colour, the size.").arg(Kiosk.enrol.alike.name) : ""
    }
    Column {
        width: parent.width
        spacing: 8
        visible: !!Kiosk.enrol.barcodeOwner && !Kiosk.enrol.existing
        Notice {
            width: parent.width
            icon: "barcode"
            text: Kiosk.enrol.barcodeOwner ? qsTr("This barcode or SKU belongs to %1 already.").arg(Kiosk.enrol.barcodeOwner.name) : ""
        }
        ActionButton {
            text: qsTr("Photograph that product instead")
            size: 19
            onClicked: Kiosk.enrol.useOwner()
        }
    }
    ProductRow {
        width: parent.width
        visible: Kiosk.enrol.existing
        sku: Kiosk.enrol.form.sku
        name: Kiosk.enrol.form.name
        price: Kiosk.enrol.priceShown
        category: Kiosk.enrol.form.category
    }
    Column {
        width: parent.width
        spacing: 10
        visible: !Kiosk.enrol.existing
        NameField {
            objectName: "field-name"
            width: parent.width
            value: Kiosk.enrol.form.name
            fault: Kiosk.enrol.problems.name
            onEdited: text => Kiosk.enrol.setName(text)
            onAccepted: price.input.forceActiveFocus()
        }
        Column {
            width: parent.width
            spacing: 2
            visible: Kiosk.enrol.readNames.length > 0
            Label {
                text: qsTr("Read on the pack; tap to take it over")
                color: Theme.mute
                font.pixelSize: 17
            }
            Flow {
                width: parent.width
                spacing: 8
                Repeater {
                    model: Kiosk.enrol.readNames
                    FilterChip {
                        required property string modelData
                        objectName: "readName"
                        maximumWidth: 320
                        text: modelData
                        onClicked: Kiosk.enrol.addName(modelData)
                    }
                }
            }
        }
        PriceField {
            id: price
            objectName: "field-price"
            width: parent.width
            label: qsTr("Price in %1").arg(Kiosk.settings.currency)
            value: Kiosk.enrol.form.price
            shown: Kiosk.enrol.priceShown
            fault: Kiosk.enrol.problems.price
            onEdited: text => Kiosk.enrol.setPrice(text)
        }
        Field {
            objectName: "field-category"
            width: parent.width
            label: qsTr("Category")
            value: Kiosk.enrol.form.category
            onEdited: text => Kiosk.enrol.setCategory(text)
        }
        Flow {
            width: parent.width
            spacing: 8
            visible: Kiosk.enrol.categories.length > 0
            Repeater {
                model: Kiosk.enrol.categories
                FilterChip {
                    required property string modelData
                    maximumWidth: 220
                    text: modelData
                    onClicked: Kiosk.enrol.setCategory(modelData)
                }
            }
        }
        Row {
            width: parent.width
            spacing: 12
            Field {
                objectName: "field-sku"
                width: (parent.width - 12) / 2
                label: qsTr("SKU")
                placeholder: qsTr("chosen for you")
                value: Kiosk.enrol.form.sku
                problem: Kiosk.enrol.skuTaken ? qsTr("Another product has this SKU.") : ""
                onEdited: text => Kiosk.enrol.setSku(text)
            }
            Field {
                objectName: "field-barcode"
                width: (parent.width - 12) / 2
                keys: "number"
                label: qsTr("Barcode")
                placeholder: qsTr("show it to the camera")
                value: Kiosk.enrol.form.barcode
                onEdited: text => Kiosk.enrol.setBarcode(text)
            }
        }
        Field {
            objectName: "field-description"
            width: parent.width
            label: qsTr("Description")
            value: Kiosk.enrol.form.description
            onEdited: text => Kiosk.enrol.setDescription(text)
        }
    }
    Notice {
        width: parent.width
        tone: "bad"
        icon: "warning"
        text: Kiosk.enrol.fault
    }
}
