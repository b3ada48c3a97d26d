import QtQuick

// A round button with an icon; `label` is what a screen reader says.
Item {
    id: button
    property string icon: ""
    property string label: ""
    property string kind: "plain"
    signal clicked

    implicitWidth: Theme.touch
    implicitHeight: Theme.touch
    opacity: enabled ? 1 : 0.4
    activeFocusOnTab: true
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: button.clicked()
    Keys.onReturnPressed: button.clicked()
    Keys.onSpacePressed: button.clicked()

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: button.kind === "quiet" ? (area.pressed ? "#E014171A" : "#9914171A")
             : (area.pressed ? Theme.sunken : (button.kind === "bare" ? "transparent" : Theme.white))
        border.width: button.activeFocus ? 3 : (button.kind === "plain" ? 2 : 0)
        border.color: button.activeFocus ? Theme.leafBright : Theme.line
    }
    Icon {
        anchors.centerIn: parent
        name: button.icon
        size: 30
        color: button.kind === "quiet" ? Theme.white : Theme.ink
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onClicked: button.clicked()
    }
}
