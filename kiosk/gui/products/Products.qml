import QtQuick
import "../widgets"

// The catalogue: find, edit, retire, delete with undo, photos; and what looks alike.
Item {
    id: page
    property bool portrait: false
    property bool cramped: false
    readonly property var view: products.view
    readonly property bool editing: view.selected

    Item {
        id: listing
        visible: !page.portrait || !page.editing
        width: page.portrait ? page.width : 500
        anchors { top: parent.top; bottom: parent.bottom; left: parent.left }

        Field {
            id: search
            objectName: "productSearch"
            anchors { left: parent.left; right: pairs.left; top: parent.top; leftMargin: 28; rightMargin: 12; topMargin: 20 }
            icon: "search"
            placeholder: qsTr("Name, SKU, text")
            value: page.view.query
            onEdited: text => products.setQuery(text)
        }
        FilterChip {
            id: pairs
            objectName: "pairs"
            anchors { right: parent.right; rightMargin: 28; top: parent.top; topMargin: 18 }
            text: qsTr("Alike")
            on: page.view.pairsShown
            onClicked: products.showPairs(!page.view.pairsShown)
        }
        ListView {
            id: list
            objectName: "productList"
            visible: !(page.portrait && page.view.pairsShown)
            anchors { left: parent.left; right: parent.right; top: search.bottom; bottom: parent.bottom; topMargin: 14 }
            leftMargin: 28
            rightMargin: 28
            bottomMargin: 20
            spacing: 10
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: products.rows
            delegate: ProductRow {
                id: line
                required property bool active
                width: list.width - 56
                faded: !active
                note: active ? [category, sku].filter(each => each !== "").join("  ·  ") : qsTr("Retired")
                chosen: page.editing && page.view.form.sku === sku
                onClicked: products.select(sku)
            }
            footer: Label {
                width: list.width - 56
                height: visible ? 56 : 0
                visible: page.view.total > page.view.shown && page.view.query === ""
                horizontalAlignment: Text.AlignHCenter
                color: Theme.mute
                font.pixelSize: Theme.smallSize
                text: qsTr("%1 of %2 shown. Search to see the others.").arg(page.view.shown).arg(page.view.total)
            }
        }
        ScrollMark { flick: list }
        Column {
            visible: page.view.shown === 0
            anchors.centerIn: list
            spacing: 12
            Icon { anchors.horizontalCenter: parent.horizontalCenter; name: "box"; size: 60; color: "#C9C2B4" }
            Label { text: page.view.query === "" ? qsTr("No products yet") : qsTr("Nothing found"); font.weight: Font.DemiBold }
        }
    }
    Rectangle {
        visible: !page.portrait
        x: listing.width
        width: 1
        height: parent.height
        color: Theme.line
    }

    Item {
        id: detail
        anchors { left: page.portrait ? parent.left : listing.right; right: parent.right; top: parent.top; bottom: parent.bottom }
        visible: page.editing || (!page.portrait && !page.view.pairsShown)

        Column {
            anchors.centerIn: parent
            visible: !page.editing
            spacing: 14
            Icon { anchors.horizontalCenter: parent.horizontalCenter; name: "edit"; size: 60; color: "#C9C2B4" }
            Label { text: qsTr("Tap a product to edit it"); color: Theme.mute; font.pixelSize: Theme.bodySize }
        }

        Flickable {
            id: scroll
            objectName: "productForm"
            visible: page.editing
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: actions.top; leftMargin: 28; rightMargin: 28 }
            contentHeight: form.implicitHeight + 40
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            function reveal(field) {
                const at = field.mapToItem(form, 0, 0).y + form.y;
                if (at < contentY || at + field.height > contentY + height)
                    contentY = Math.max(0, Math.min(at - 6, contentHeight - height));
            }
            onHeightChanged: Qt.callLater(() => {
                for (const each of [name, price, category, barcode, description])
                    if (each.focused)
                        scroll.reveal(each);
            })
            Column {
                id: form
                y: 20
                width: scroll.width
                spacing: 10
                Row {
                    width: parent.width
                    spacing: 12
                    IconButton {
                        id: back
                        visible: page.portrait
                        icon: "back"
                        label: qsTr("Back")
                        onClicked: products.deselect()
                    }
                    Column {
                        width: parent.width - (back.visible ? back.width + 12 : 0)
                        Label {
                            width: parent.width
                            text: page.view.form.name
                            font.pixelSize: 28
                            font.weight: Font.Bold
                        }
                        Label {
                            width: parent.width
                            text: page.view.form.sku + (page.view.active ? "" : "  ·  " + qsTr("Retired"))
                            color: Theme.mute
                            font.pixelSize: Theme.smallSize
                        }
                    }
                }
                ListView {
                    id: photos
                    objectName: "photos"
                    width: parent.width
                    height: 132
                    orientation: ListView.Horizontal
                    spacing: 12
                    clip: true
                    boundsBehavior: Flickable.StopAtBounds
                    model: page.view.photos
                    property string chosen: ""
                    delegate: Rectangle {
                        id: photo
                        required property var modelData
                        readonly property bool on: photos.chosen === modelData.sha256
                        width: 132
                        height: 132
                        radius: 20
                        color: "transparent"
                        border.width: on || modelData.cover ? 3 : 0
                        border.color: on ? Theme.ink : Theme.leaf
                        ProductPicture {
                            anchors.fill: parent
                            anchors.margins: 5
                            radius: 16
                            key: photo.modelData.picture
                        }
                        Tag {
                            visible: photo.modelData.cover && !photo.on
                            anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 10 }
                            text: qsTr("Cover")
                            tone: "sure"
                        }
                        MouseArea {
                            anchors.fill: parent
                            onClicked: photos.chosen = photo.on ? "" : photo.modelData.sha256
                        }
                        Row {
                            visible: photo.on
                            anchors.centerIn: parent
                            spacing: 4
                            IconButton {
                                kind: "quiet"
                                icon: "trash"
                                label: qsTr("Remove this photo")
                                visible: page.view.photos.length > 1
                                onClicked: products.removePhoto(photo.modelData.sha256)
                            }
                            IconButton {
                                kind: "quiet"
                                icon: "star"
                                label: qsTr("Use as cover")
                                visible: !photo.modelData.cover
                                onClicked: { products.setCover(photo.modelData.sha256); photos.chosen = ""; }
                            }
                        }
                    }
                    footer: Item {
                        width: 144
                        height: 132
                        Rectangle {
                            anchors { fill: parent; leftMargin: page.view.photos.length ? 12 : 0 }
                            radius: 20
                            color: more.pressed ? Theme.sunken : Theme.white
                            border.width: 2
                            border.color: Theme.line
                            Accessible.role: Accessible.Button
                            Accessible.name: moreWords.text
                            Icon { anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: 28 } name: "camera"; size: 36 }
                            Label { id: moreWords; anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 20 } text: qsTr("Add"); font.weight: Font.DemiBold; font.pixelSize: 18 }
                            MouseArea { id: more; anchors.fill: parent; onClicked: products.photograph() }
                        }
                    }
                }
                Suggestions { width: parent.width }
                Field {
                    id: name
                    objectName: "edit-name"
                    width: parent.width
                    label: qsTr("Name")
                    value: page.view.form.name
                    problem: page.view.problems.name === "missing" ? qsTr("A product needs a name.") : (page.view.problems.name === "too_long" ? qsTr("This name is too long.") : "")
                    onEdited: text => products.setField("name", text)
                    onFocusedChanged: if (focused) scroll.reveal(name)
                }
                Row {
                    width: parent.width
                    spacing: 12
                    Field {
                        id: price
                        objectName: "edit-price"
                        width: (parent.width - 12) / 2
                        keys: "number"
                        label: qsTr("Price")
                        value: page.view.form.price
                        hint: page.view.priceShown !== "" ? qsTr("Customers see %1").arg(page.view.priceShown) : ""
                        problem: page.view.problems.price === "missing" ? qsTr("A product needs a price.") : (page.view.problems.price === "not_a_price" ? qsTr("This is not a price.") : "")
                        onEdited: text => products.setField("price", text)
                        onFocusedChanged: if (focused) scroll.reveal(price)
                    }
                    Field {
                        id: category
                        objectName: "edit-category"
                        width: (parent.width - 12) / 2
                        label: qsTr("Category")
                        value: page.view.form.category
                        onEdited: text => products.setField("category", text)
                        onFocusedChanged: if (focused) scroll.reveal(category)
                    }
                }
                Field {
                    id: description
                    objectName: "edit-description"
                    width: parent.width
                    label: qsTr("Description")
                    value: page.view.form.description
                    onEdited: text => products.setField("description", text)
                    onFocusedChanged: if (focused) scroll.reveal(description)
                }
                Field {
                    id: barcode
                    objectName: "edit-barcode"
                    width: parent.width
                    keys: "number"
                    label: qsTr("Barcode")
                    value: page.view.form.barcode
                    onEdited: text => products.setField("barcode", text)
                    onFocusedChanged: if (focused) scroll.reveal(barcode)
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
            id: actions
            visible: page.editing && !page.cramped
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; bottomMargin: page.cramped ? 0 : 20 }
            height: page.cramped ? 0 : Theme.touch + 14
            Row {
                anchors { left: parent.left; bottom: parent.bottom }
                spacing: 12
                ActionButton {
                    objectName: "deleteProduct"
                    icon: "trash"
                    text: qsTr("Delete")
                    onClicked: products.remove()
                }
                ActionButton {
                    objectName: "retireProduct"
                    icon: page.view.active ? "archive" : "undo"
                    text: page.view.active ? qsTr("Retire") : qsTr("Restore")
                    onClicked: page.view.active ? products.retire() : products.restore()
                }
            }
            ActionButton {
                objectName: "saveChanges"
                anchors { right: parent.right; bottom: parent.bottom }
                kind: "primary"
                icon: "check"
                enabled: page.view.changed
                text: page.view.saved ? qsTr("Saved") : qsTr("Save")
                onClicked: products.save()
            }
        }
    }

    Rectangle {
        objectName: "pairsPanel"
        visible: page.view.pairsShown && !page.editing
        color: Theme.paper
        anchors { left: page.portrait ? parent.left : listing.right; leftMargin: page.portrait ? 0 : 1; right: parent.right; top: parent.top; bottom: parent.bottom; topMargin: page.portrait ? 96 : 0 }
        Label {
            id: pairsTitle
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: 28; topMargin: 22 }
            text: qsTr("Most easily confused")
            font.pixelSize: 28
            font.weight: Font.Bold
        }
        Label {
            id: pairsText
            anchors { left: parent.left; right: parent.right; top: pairsTitle.bottom; leftMargin: 28; rightMargin: 28; topMargin: 4 }
            wrapMode: Text.Wrap
            text: !page.view.pairsKnown ? qsTr("One moment") : page.view.pairs.length ? qsTr("More photos of what sets them apart help. Tap one to open it.") : qsTr("There are no two products to compare yet.")
            color: Theme.mute
            font.pixelSize: Theme.smallSize
        }
        ListView {
            id: pairList
            anchors { left: parent.left; right: parent.right; top: pairsText.bottom; bottom: parent.bottom; topMargin: 14 }
            leftMargin: 28
            rightMargin: 28
            bottomMargin: 20
            spacing: 14
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            model: page.view.pairs
            footer: Column {
                width: pairList.width - 56
                topPadding: 26
                spacing: 10
                visible: page.view.corrections.length > 0
                Label {
                    text: qsTr("What customers corrected")
                    font.pixelSize: 24
                    font.weight: Font.Bold
                }
                Repeater {
                    model: page.view.corrections
                    Notice {
                        required property var modelData
                        width: pairList.width - 56
                        tone: "plain"
                        icon: "hand"
                        text: qsTr("%1 → %2, %3×").arg(modelData.shown || qsTr("not sure")).arg(modelData.chosen || qsTr("none of the five")).arg(modelData.times)
                    }
                }
            }
            delegate: Row {
                id: pair
                required property var modelData
                width: pairList.width - 56
                height: 200
                spacing: 12
                ProductTile {
                    width: (parent.width - 124) / 2
                    height: parent.height
                    whole: true
                    sku: pair.modelData.first.sku
                    name: pair.modelData.first.name
                    price: pair.modelData.first.price
                    onClicked: products.select(pair.modelData.first.sku)
                }
                Column {
                    width: 100
                    anchors.verticalCenter: parent.verticalCenter
                    Label {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: qsTr("%1 %").arg(pair.modelData.similarPercent)
                        font.pixelSize: 30
                        font.weight: Font.Bold
                    }
                    Label {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: qsTr("alike")
                        color: Theme.mute
                    }
                    Label {
                        width: parent.width
                        visible: pair.modelData.confusedPercent > 0
                        horizontalAlignment: Text.AlignHCenter
                        wrapMode: Text.Wrap
                        text: qsTr("%1 % confused").arg(pair.modelData.confusedPercent)
                        color: Theme.amberDark
                        font.pixelSize: 16
                    }
                }
                ProductTile {
                    width: (parent.width - 124) / 2
                    height: parent.height
                    whole: true
                    sku: pair.modelData.second.sku
                    name: pair.modelData.second.name
                    price: pair.modelData.second.price
                    onClicked: products.select(pair.modelData.second.sku)
                }
            }
        }
    }

    Rectangle {
        objectName: "undoBar"
        visible: page.view.undoName !== ""
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 24 }
        width: Math.min(parent.width - 56, 720)
        height: 84
        radius: 28
        color: Theme.ink
        Label {
            anchors { left: parent.left; right: undo.left; leftMargin: 28; rightMargin: 16; verticalCenter: parent.verticalCenter }
            text: qsTr("Deleted: %1").arg(page.view.undoName)
            color: Theme.white
        }
        ActionButton {
            id: undo
            objectName: "undoDelete"
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            icon: "undo"
            text: qsTr("Undo")
            onClicked: products.undoRemove()
        }
    }

    component Suggestions: Column {
        id: box
        spacing: 8
        visible: suggestions.view.pictures.length > 0
        Label {
            width: parent.width
            text: qsTr("Customers say that this is it. Add the picture?")
            font.weight: Font.DemiBold
            font.pixelSize: 19
        }
        Row {
            spacing: 12
            Repeater {
                model: suggestions.view.pictures
                Item {
                    id: one
                    required property string modelData
                    width: 132
                    height: 172
                    ProductPicture { width: 132; height: 108; key: one.modelData }
                    Row {
                        anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter }
                        spacing: 4
                        IconButton { icon: "check"; label: qsTr("Add"); onClicked: suggestions.accept(one.modelData) }
                        IconButton { icon: "close"; label: qsTr("Reject"); onClicked: suggestions.reject(one.modelData) }
                    }
                }
            }
        }
    }
}
