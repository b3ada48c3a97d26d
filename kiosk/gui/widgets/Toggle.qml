import QtQuick

// A switch with its sentence.
Pressable {
    id: toggle
    property string text: ""
    property string hint: ""
    property bool on: false
    signal changed(bool value)

    implicitHeight: Math.max(Theme.touch, words.implicitHeight + 12)
    opacity: enabled ? 1 : 0.45
    label: text
    border.width: 0
    Accessible.role: Accessible.CheckBox
    Accessible.checked: on
    onClicked: toggle.changed(!toggle.on)

    Column {
        id: words
        anchors { left: parent.left; right: track.left; rightMargin: 20; verticalCenter: parent.verticalCenter }
        Label {
            width: parent.width
            text: toggle.text
            wrapMode: Text.Wrap
            font.weight: Font.Medium
        }
        Label {
            width: parent.width
            visible: text !== ""
            text: toggle.hint
            wrapMode: Text.Wrap
            color: Theme.mute
            font.pixelSize: 17
        }
    }
    Rectangle {
        id: track
        anchors { right: parent.right; verticalCenter: parent.verticalCenter }
        width: 76
        height: 44
        radius: 22
        color: toggle.on ? Theme.leaf : "#CFC8BA"
        border.width: toggle.activeFocus ? 3 : 0
        border.color: Theme.leafBright
        Behavior on color { ColorAnimation { duration: Theme.quick } }
        Rectangle {
            width: 36
            height: 36
            radius: 18
            y: 4
            x: toggle.on ? 36 : 4
            color: Theme.white
            Behavior on x { NumberAnimation { duration: Theme.quick } }
        }
    }
}
