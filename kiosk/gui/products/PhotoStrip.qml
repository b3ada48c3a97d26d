pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// The photos of the selected product: a tap offers to remove one or make it the cover.
ListView {
    id: photos
    property string chosen: ""
    height: 132
    orientation: ListView.Horizontal
    spacing: 12
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    model: Kiosk.products.photos
    delegate: Pressable {
        id: photo
        required property string sha256
        required property string picture
        required property bool cover
        readonly property bool on: photos.chosen === sha256
        width: 132
        height: 132
        radius: 20
        frame: on || cover ? 3 : 0
        frameColor: on ? Theme.ink : Theme.leaf
        label: qsTr("Photo")
        onClicked: photos.chosen = photo.on ? "" : photo.sha256
        ProductPicture {
            anchors.fill: parent
            anchors.margins: 5
            radius: 16
            key: photo.picture
        }
        Tag {
            visible: photo.cover && !photo.on
            anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 10 }
            text: qsTr("Cover")
            tone: "sure"
        }
        Row {
            visible: photo.on
            anchors.centerIn: parent
            spacing: 4
            IconButton {
                kind: "quiet"
                icon: "trash"
                label: qsTr("Remove this photo")
                visible: photos.count > 1
                onClicked: Kiosk.products.removePhoto(photo.sha256)
            }
            IconButton {
                kind: "quiet"
                icon: "star"
                label: qsTr("Use as cover")
                visible: !photo.cover
                onClicked: { Kiosk.products.setCover(photo.sha256); photos.chosen = ""; }
            }
        }
    }
    footer: Item {
        width: 144
        height: 132
        Pressable {
            anchors { fill: parent; leftMargin: photos.count ? 12 : 0 }
            radius: 20
            color: pressed ? Theme.sunken : Theme.white
            frame: 2
            label: moreWords.text
            onClicked: Kiosk.products.photograph()
            Icon { anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: 28 } name: "camera"; size: 36 }
            Label { id: moreWords; anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 20 } text: qsTr("Add"); font.weight: Font.DemiBold; font.pixelSize: 18 }
        }
    }
}
