import QtQuick
import Shelflens

// A picture from the memory cache, with round corners painted in (the software
// renderer does not clip to them): a product's by `sku`, or that of a `key`.
Rectangle {
    id: frame
    property string sku: ""
    property string key: Kiosk.pictures.ofProduct(sku)
    property bool whole: false
    readonly property bool ready: picture.ready

    color: "transparent"
    radius: Theme.radiusSmall

    Rectangle {
        anchors.fill: parent
        radius: frame.radius
        color: Theme.sunken
        visible: !picture.ready
        Icon {
            anchors.centerIn: parent
            name: "image"
            color: "#C9C2B4"
            size: Math.min(48, frame.height / 2)
        }
    }
    RoundedPicture {
        id: picture
        anchors.fill: parent
        cache: Kiosk.pictures
        key: frame.key
        radius: frame.radius
        whole: frame.whole
    }
}
