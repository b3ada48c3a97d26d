import QtQuick

// A pill to press. `kind`: "primary", "plain", "quiet" (on pictures) or "danger".
Item {
    id: button
    property string text: ""
    property string icon: ""
    property string kind: "plain"
    property bool busy: false
    property int size: Theme.textSize
    property bool elided: false
    signal clicked
    signal held

    readonly property bool pressed: area.pressed && button.enabled
    readonly property color _fill: ({
        "primary": pressed ? Theme.leafDark : Theme.leaf,
        "plain": pressed ? Theme.sunken : Theme.white,
        "quiet": pressed ? "#E014171A" : "#9914171A",
        "danger": pressed ? "#8A2718" : Theme.brick
    })[kind]
    readonly property color _ink: kind === "plain" ? Theme.ink : Theme.white

    implicitWidth: Math.max(Theme.touch, row.implicitWidth + (text === "" ? 36 : 56))
    implicitHeight: Theme.touch
    opacity: enabled ? 1 : 0.45
    activeFocusOnTab: true

    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: button.clicked()
    Keys.onReturnPressed: button.clicked()
    Keys.onSpacePressed: button.clicked()

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: button._fill
        border.width: button.activeFocus ? 3 : (button.kind === "plain" ? 2 : 0)
        border.color: button.activeFocus ? Theme.leafBright : (button.kind === "plain" ? Theme.line : "transparent")
        Behavior on color { ColorAnimation { duration: Theme.quick } }
    }
    Row {
        id: row
        anchors.centerIn: parent
        spacing: 12
        Icon {
            visible: button.icon !== ""
            name: button.icon
            color: button._ink
            size: 26
            anchors.verticalCenter: parent.verticalCenter
        }
        Label {
            visible: button.text !== ""
            text: button.text
            color: button._ink
            font.pixelSize: button.size
            font.weight: Font.DemiBold
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 15
            width: Math.min(implicitWidth, button.width - 40 - (button.icon !== "" ? 38 : 0))
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    MouseArea {
        id: area
        anchors.fill: parent
        enabled: button.enabled && !button.busy
        onClicked: button.clicked()
        onPressAndHold: button.held()
    }
}
