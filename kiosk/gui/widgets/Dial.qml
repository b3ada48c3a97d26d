pragma ComponentBehavior: Bound
import QtQuick

// A line of steps to drag or tap along.
Item {
    id: dial
    property int steps: 5
    property int at: 0
    property string firstWord: ""
    property string lastWord: ""
    signal moved(int step)

    implicitHeight: 92
    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: firstWord + " – " + lastWord
    Keys.onLeftPressed: if (at > 0) moved(at - 1)
    Keys.onRightPressed: if (at < steps - 1) moved(at + 1)

    readonly property real _gap: (width - 44) / Math.max(1, steps - 1)
    function _near(x) {
        return Math.max(0, Math.min(steps - 1, Math.round((x - 22) / _gap)));
    }

    Rectangle {
        id: line
        x: 22
        y: 26
        width: parent.width - 44
        height: 8
        radius: 4
        color: Theme.line
        Rectangle {
            width: dial._gap * dial.at
            height: 8
            radius: 4
            color: Theme.leaf
            Behavior on width { NumberAnimation { duration: Theme.quick } }
        }
    }
    Repeater {
        model: dial.steps
        Rectangle {
            required property int index
            x: 22 + index * dial._gap - 8
            y: 22
            width: 16
            height: 16
            radius: 8
            color: index <= dial.at ? Theme.leaf : "#CFC8BA"
        }
    }
    Rectangle {
        x: 22 + dial.at * dial._gap - 22
        y: 8
        width: 44
        height: 44
        radius: 22
        color: Theme.white
        border.width: dial.activeFocus ? 6 : 5
        border.color: Theme.leaf
        Behavior on x { NumberAnimation { duration: Theme.quick } }
    }
    Label {
        anchors { left: parent.left; bottom: parent.bottom }
        text: dial.firstWord
        color: Theme.mute
        font.pixelSize: 17
    }
    Label {
        anchors { right: parent.right; bottom: parent.bottom }
        text: dial.lastWord
        color: Theme.mute
        font.pixelSize: 17
    }
    MouseArea {
        width: parent.width
        height: 64
        preventStealing: true
        onPressed: mouse => dial._move(mouse.x)
        onPositionChanged: mouse => dial._move(mouse.x)
    }
    function _move(x) {
        const step = _near(x);
        if (step !== at)
            moved(step);
    }
}
