import QtQuick
import "../camera"
import "../widgets"

// Guided pictures on one side, the form on the other, the rehearsal at the end.
Item {
    id: page
    property bool portrait: false
    property bool cramped: false
    readonly property var view: enrol.view
    readonly property bool done: !!view.outcome
    readonly property var names: ({
        "front": qsTr("Front"), "back": qsTr("Back", "side of a product"), "left": qsTr("Left"), "right": qsTr("Right"),
        "top": qsTr("Top"), "extra": qsTr("Label")
    })
    readonly property var advices: ({
        "": "",
        "ok": "",
        "blurred": qsTr("Blurred: hold it still"),
        "dark": qsTr("Too dark: turn it to the light"),
        "bright": qsTr("Too bright: turn it away from the light"),
        "too_far": qsTr("Come closer"),
        "too_close": qsTr("Move back a little"),
        "nothing": qsTr("Hold the product in the frame"),
        "hand_moving": qsTr("Wait until your hand is still"),
        "too_alike": qsTr("Turn it: this view is there already")
    })
    readonly property var asks: ({
        "front": qsTr("Show its front"), "back": qsTr("Now its back"), "left": qsTr("Now its left side"),
        "right": qsTr("Now its right side"), "top": qsTr("Now from above"), "extra": qsTr("One more: its label, close"), "": ""
    })
    readonly property string current: view.angle.startsWith("extra") ? "extra" : view.angle

    Item {
        id: studio
        x: page.portrait ? 0 : 28
        y: page.portrait ? 0 : 24
        visible: !(page.portrait && page.cramped) && !page.done
        width: page.portrait ? page.width : Math.round(page.width * 0.54)
        height: page.portrait ? 610 : page.height - 48

        CameraPane {
            id: pane
            objectName: "enrolCamera"
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: page.cramped && !page.portrait ? parent.bottom : strip.top; bottomMargin: page.cramped && !page.portrait ? 0 : 14 }
            compact: true
            progress: enrol.hold
            reticleColor: page.view.advice === "ok" ? Theme.leafBright : Theme.amberBright
            advice: page.advices[page.view.advice] || page.asks[page.current] || ""
        }
        ActionButton {
            objectName: "shutter"
            anchors { right: pane.right; top: pane.top; margins: 14 }
            visible: !pane.lost
            kind: "quiet"
            icon: "camera"
            text: qsTr("Take")
            onClicked: enrol.capture()
        }
        Row {
            id: strip
            visible: !page.cramped || page.portrait
            x: page.portrait ? 20 : 0
            anchors.bottom: parent.bottom
            width: parent.width - 2 * x
            height: 108
            spacing: 10
            Repeater {
                model: page.view.angles
                Rectangle {
                    id: slot
                    required property var modelData
                    required property int index
                    objectName: "angle-" + modelData.angle
                    width: Math.min(118, (strip.width - 10 * (page.view.angles.length - 1)) / page.view.angles.length)
                    height: strip.height
                    radius: 20
                    color: modelData.current ? Theme.leafPale : Theme.white
                    border.width: modelData.current || modelData.taken ? 3 : 2
                    border.color: modelData.current || modelData.taken ? Theme.leaf : Theme.line
                    Accessible.role: Accessible.Button
                    Accessible.name: words.text
                    ProductPicture {
                        visible: slot.modelData.taken
                        anchors { left: parent.left; right: parent.right; top: parent.top; bottom: words.top; margins: 7; bottomMargin: 2 }
                        radius: 13
                        key: slot.modelData.picture
                    }
                    Icon {
                        visible: !slot.modelData.taken
                        anchors { horizontalCenter: parent.horizontalCenter; bottom: words.top; bottomMargin: 8 }
                        name: slot.modelData.current ? "camera" : "plus"
                        color: slot.modelData.current ? Theme.leafDark : "#B8B1A2"
                        size: 36
                    }
                    Label {
                        id: words
                        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; bottomMargin: 6; leftMargin: 4; rightMargin: 4 }
                        horizontalAlignment: Text.AlignHCenter
                        text: page.names[slot.modelData.angle]
                        font.pixelSize: 17
                        font.weight: Font.DemiBold
                        color: slot.modelData.current ? Theme.leafDark : Theme.mute
                    }
                    MouseArea {
                        anchors.fill: parent
                        onClicked: enrol.retake(slot.modelData.taken ? slot.modelData.picture.slice(6) : (slot.modelData.angle === "extra" ? page.view.angle : slot.modelData.angle))
                    }
                }
            }
        }
    }

    Item {
        id: side
        visible: !page.done
        anchors { left: page.portrait ? parent.left : studio.right; right: parent.right; top: page.portrait && studio.visible ? studio.bottom : parent.top; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; topMargin: page.portrait ? 18 : 24; bottomMargin: 24 }

        Flickable {
            id: scroll
            objectName: "enrolForm"
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: buttons.top; bottomMargin: 14 }
            contentHeight: form.implicitHeight + 8
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            function reveal(field) {
                const at = field.mapToItem(form, 0, 0).y;
                if (at < contentY || at + field.height > contentY + height)
                    contentY = Math.max(0, Math.min(at - 6, contentHeight - height));
            }
            onHeightChanged: Qt.callLater(() => {
                for (const each of [name, price, category, sku, barcode, description])
                    if (each.focused)
                        scroll.reveal(each);
            })

            Column {
                id: form
                width: scroll.width
                spacing: 10
                Row {
                    width: parent.width
                    Label {
                        width: parent.width - discard.width
                        height: Theme.touch
                        text: page.view.existing ? qsTr("More photos") : qsTr("New product")
                        font.pixelSize: 30
                        font.weight: Font.Bold
                    }
                    ActionButton {
                        id: discard
                        visible: page.view.pictures > 0 || page.view.form.name !== "" || page.view.existing
                        width: visible ? implicitWidth : 0
                        icon: "trash"
                        text: qsTr("Discard")
                        size: 18
                        onClicked: enrol.discard()
                    }
                }
                Notice {
                    width: parent.width
                    tone: "plain"
                    icon: "undo"
                    visible: page.view.restored
                    text: qsTr("Your unfinished product is still here. Go on, or discard it.")
                }
                Notice {
                    width: parent.width
                    visible: !!page.view.alike
                    icon: "warning"
                    text: page.view.alike ? qsTr("Looks much like %1. Show what sets it apart: the label, the colour, the size.").arg(page.view.alike.name) : ""
                }
                Column {
                    width: parent.width
                    spacing: 8
                    visible: !!page.view.barcodeOwner && !page.view.existing
                    Notice {
                        width: parent.width
                        icon: "barcode"
                        text: page.view.barcodeOwner ? qsTr("This barcode or SKU belongs to %1 already.").arg(page.view.barcodeOwner.name) : ""
                    }
                    ActionButton {
                        text: qsTr("Photograph that product instead")
                        size: 19
                        onClicked: enrol.useOwner()
                    }
                }
                ProductRow {
                    width: parent.width
                    visible: page.view.existing
                    sku: page.view.form.sku
                    name: page.view.form.name
                    price: page.view.priceShown
                    category: page.view.form.category
                }
                Column {
                    width: parent.width
                    spacing: 10
                    visible: !page.view.existing
                    Field {
                        id: name
                        objectName: "field-name"
                        width: parent.width
                        label: qsTr("Name")
                        value: page.view.form.name
                        problem: page.view.problems.name === "missing" ? qsTr("A product needs a name.") : (page.view.problems.name === "too_long" ? qsTr("This name is too long.") : "")
                        onEdited: text => enrol.setField("name", text)
                        onFocusedChanged: if (focused) scroll.reveal(name)
                        onAccepted: price.input.forceActiveFocus()
                    }
                    Field {
                        id: price
                        objectName: "field-price"
                        width: parent.width
                        keys: "number"
                        label: qsTr("Price in %1").arg(settings.view.currency)
                        value: page.view.form.price
                        hint: page.view.priceShown !== "" ? qsTr("Customers see %1").arg(page.view.priceShown) : ""
                        problem: page.view.problems.price === "missing" ? qsTr("A product needs a price.") : (page.view.problems.price === "not_a_price" ? qsTr("This is not a price.") : "")
                        onEdited: text => enrol.setField("price", text)
                        onFocusedChanged: if (focused) scroll.reveal(price)
                    }
                    Field {
                        id: category
                        objectName: "field-category"
                        width: parent.width
                        label: qsTr("Category")
                        value: page.view.form.category
                        onEdited: text => enrol.setField("category", text)
                        onFocusedChanged: if (focused) scroll.reveal(category)
                    }
                    Flow {
                        width: parent.width
                        spacing: 8
                        visible: page.view.categories.length > 0
                        Repeater {
                            model: page.view.categories
                            FilterChip {
                                required property string modelData
                                maximumWidth: 220
                                text: modelData
                                onClicked: enrol.setField("category", modelData)
                            }
                        }
                    }
                    Row {
                        width: parent.width
                        spacing: 12
                        Field {
                            id: sku
                            objectName: "field-sku"
                            width: (parent.width - 12) / 2
                            label: qsTr("SKU")
                            placeholder: qsTr("chosen for you")
                            value: page.view.form.sku
                            problem: page.view.problems.sku === "taken" ? qsTr("Another product has this SKU.") : ""
                            onEdited: text => enrol.setField("sku", text)
                            onFocusedChanged: if (focused) scroll.reveal(sku)
                        }
                        Field {
                            id: barcode
                            objectName: "field-barcode"
                            width: (parent.width - 12) / 2
                            keys: "number"
                            label: qsTr("Barcode")
                            placeholder: qsTr("show it to the camera")
                            value: page.view.form.barcode
                            onEdited: text => enrol.setField("barcode", text)
                            onFocusedChanged: if (focused) scroll.reveal(barcode)
                        }
                    }
                    Field {
                        id: description
                        objectName: "field-description"
                        width: parent.width
                        label: qsTr("Description")
                        value: page.view.form.description
                        onEdited: text => enrol.setField("description", text)
                        onFocusedChanged: if (focused) scroll.reveal(description)
                    }
                }
                Notice {
                    width: parent.width
                    tone: "bad"
                    icon: "warning"
                    text: page.view.fault
                }
            }
        }
        ScrollMark { flick: scroll; anchors.rightMargin: -18 }
        Item {
            id: buttons
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: page.cramped ? 0 : Theme.touch
            visible: !page.cramped
            Label {
                anchors { left: parent.left; right: save.left; rightMargin: 16; verticalCenter: parent.verticalCenter }
                text: page.view.pictures === 0 ? qsTr("Take at least one picture; five are better.") : (page.view.pictures < 5 ? qsTr("%1 of 5 pictures").arg(page.view.pictures) : qsTr("%1 pictures: that is plenty").arg(page.view.pictures))
                color: Theme.mute
                font.pixelSize: Theme.smallSize
                wrapMode: Text.Wrap
                maximumLineCount: 2
            }
            ActionButton {
                id: save
                objectName: "saveProduct"
                anchors.right: parent.right
                kind: "primary"
                icon: "check"
                enabled: page.view.canSave
                text: page.view.saving ? qsTr("Saving…") : (page.view.existing ? qsTr("Save photos") : qsTr("Save product"))
                onClicked: enrol.save()
            }
        }
    }

    Item {
        objectName: "rehearsal"
        anchors.fill: parent
        visible: page.done
        readonly property var outcome: page.view.outcome || ({ name: "", tried: 0, right: 0, confusedName: "", confusedTimes: 0, outliers: 0 })
        Column {
            id: result
            anchors.centerIn: parent
            width: Math.min(parent.width - 96, 760)
            spacing: 20
            readonly property var outcome: parent.outcome
            readonly property bool flawless: outcome.right === outcome.tried
            Rectangle {
                width: 120
                height: 120
                radius: 60
                anchors.horizontalCenter: parent.horizontalCenter
                color: result.flawless ? Theme.leafPale : Theme.amberPale
                Icon {
                    anchors.centerIn: parent
                    name: result.flawless ? "check" : "warning"
                    size: 60
                    color: result.flawless ? Theme.leafDark : Theme.amberDark
                }
            }
            Label {
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                maximumLineCount: 3
                text: qsTr("%1 is in the catalogue").arg(result.outcome.name)
                font.pixelSize: Theme.titleSize
                font.weight: Font.Bold
            }
            Label {
                objectName: "rehearsalText"
                width: parent.width
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                color: Theme.mute
                font.pixelSize: 26
                visible: text !== ""
                text: result.outcome.tried === 0 ? qsTr("With one picture there is nothing to rehearse with. A second one helps.")
                    : qsTr("Rehearsal: recognised %1 of %2.").arg(result.outcome.right).arg(result.outcome.tried)
            }
            Notice {
                width: parent.width
                icon: "warning"
                text: result.outcome.confusedName === "" ? "" : qsTr("Taken for %1 (%2×). A photo of the label, or of what is different, settles it.").arg(result.outcome.confusedName).arg(result.outcome.confusedTimes)
            }
            Notice {
                width: parent.width
                tone: "plain"
                icon: "image"
                text: result.outcome.outliers === 0 ? "" : qsTr("One picture looks like none of the others. Look at it under Products.")
            }
            Row {
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: 16
                ActionButton {
                    icon: "camera"
                    text: qsTr("Add a photo")
                    onClicked: enrol.photograph(page.view.outcome.sku)
                }
                ActionButton {
                    objectName: "nextProduct"
                    kind: "primary"
                    icon: "plus"
                    text: qsTr("Another product")
                    onClicked: enrol.next()
                }
            }
        }
    }
}
