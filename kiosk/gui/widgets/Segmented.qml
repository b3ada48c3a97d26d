pragma ComponentBehavior: Bound
import QtQuick

// One of several; `current` is the index of the one that counts, -1 for none.
Rectangle {
    id: box
    property list<string> options
    property int current: -1
    signal chosen(index: int)

    implicitHeight: Theme.touch + 10
    radius: height / 2
    color: Theme.sunken
    Row {
        anchors.fill: parent
        anchors.margins: 5
        Repeater {
            model: box.options
            Pressable {
                id: cell
                required property string modelData
                required property int index
                readonly property bool on: index === box.current
                width: (box.width - 10) / Math.max(1, box.options.length)
                height: box.height - 10
                radius: height / 2
                color: on ? Theme.white : (pressed ? Theme.line : "transparent")
                frame: on ? 2 : 0
                frameColor: Theme.leaf
                label: modelData
                onClicked: box.chosen(index)
                Accessible.role: Accessible.RadioButton
                Accessible.checked: on
                Label {
                    anchors.centerIn: parent
                    width: Math.min(implicitWidth, parent.width - 12)
                    text: cell.modelData
                    font.pixelSize: 19
                    font.weight: cell.on ? Font.DemiBold : Font.Medium
                    color: cell.on ? Theme.leafDark : Theme.mute
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 13
                }
            }
        }
    }
}
