import QtQuick

// What can be pressed: by touch, by key, by a screen reader, which says `label`.
Rectangle {
    id: pressable
    property string label: ""
    property int frame: 0
    property color frameColor: Theme.line
    property bool busy: false
    readonly property bool pressed: area.pressed
    signal clicked
    signal held

    implicitWidth: Theme.touch
    implicitHeight: Theme.touch
    color: "transparent"
    border.width: activeFocus ? 3 : frame
    border.color: activeFocus ? Theme.leafBright : frameColor
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: if (!busy) pressable.clicked()
    Keys.onReturnPressed: if (!busy) pressable.clicked()
    Keys.onSpacePressed: if (!busy) pressable.clicked()

    MouseArea {
        id: area
        anchors.fill: parent
        enabled: !pressable.busy
        onClicked: pressable.clicked()
        onPressAndHold: pressable.held()
    }
}
