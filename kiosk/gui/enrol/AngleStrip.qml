pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// The places for the pictures; a tap takes one of them again.
Row {
    id: strip
    readonly property var names: ({
        "front": qsTr("Front"), "back": qsTr("Back", "side of a product"), "left": qsTr("Left"), "right": qsTr("Right"),
        "top": qsTr("Top"), "extra": qsTr("Label")
    })
    height: 108
    spacing: 10
    Repeater {
        id: places
        model: Kiosk.enrol.angles
        Pressable {
            id: slot
            required property string name
            required property string kind
            required property bool taken
            required property bool current
            required property string picture
            objectName: "angle-" + kind
            width: Math.min(118, (strip.width - 10 * (places.count - 1)) / places.count)
            height: strip.height
            radius: 20
            color: current ? Theme.leafPale : Theme.white
            frame: current || taken ? 3 : 2
            frameColor: current || taken ? Theme.leaf : Theme.line
            label: words.text
            onClicked: Kiosk.enrol.retake(slot.name)
            ProductPicture {
                visible: slot.taken
                anchors { left: parent.left; right: parent.right; top: parent.top; bottom: words.top; margins: 7; bottomMargin: 2 }
                radius: 13
                key: slot.picture
            }
            Icon {
                visible: !slot.taken
                anchors { horizontalCenter: parent.horizontalCenter; bottom: words.top; bottomMargin: 8 }
                name: slot.current ? "camera" : "plus"
                color: slot.current ? Theme.leafDark : "#B8B1A2"
                size: 36
            }
            Label {
                id: words
                anchors { left: parent.left; right: parent.right; bottom: parent.bottom; bottomMargin: 6; leftMargin: 4; rightMargin: 4 }
                horizontalAlignment: Text.AlignHCenter
                text: strip.names[slot.kind]
                font.pixelSize: 17
                font.weight: Font.DemiBold
                color: slot.current ? Theme.leafDark : Theme.mute
            }
        }
    }
}
