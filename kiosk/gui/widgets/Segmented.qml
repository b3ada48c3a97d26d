pragma ComponentBehavior: Bound
import QtQuick

// One of several: `options` is a list of {value, text}.
Rectangle {
    id: box
    property var options: []
    property var value
    signal chosen(var value)

    implicitHeight: Theme.touch
    radius: height / 2
    color: Theme.sunken
    Row {
        anchors.fill: parent
        anchors.margins: 5
        Repeater {
            model: box.options
            Rectangle {
                id: cell
                required property var modelData
                readonly property bool on: modelData.value === box.value
                width: (box.width - 10) / Math.max(1, box.options.length)
                height: box.height - 10
                radius: height / 2
                color: on ? Theme.white : (tap.pressed ? Theme.line : "transparent")
                border.width: on ? 2 : 0
                border.color: Theme.leaf
                Accessible.role: Accessible.RadioButton
                Accessible.name: modelData.text
                Accessible.checked: on
                Label {
                    anchors.centerIn: parent
                    width: Math.min(implicitWidth, parent.width - 12)
                    text: cell.modelData.text
                    font.pixelSize: 19
                    font.weight: cell.on ? Font.DemiBold : Font.Medium
                    color: cell.on ? Theme.leafDark : Theme.mute
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 13
                }
                MouseArea {
                    id: tap
                    anchors.fill: parent
                    onClicked: box.chosen(cell.modelData.value)
                }
            }
        }
    }
}
