import QtQuick

// A pill to press. `kind`: "primary", "plain", "quiet" (on pictures) or "danger".
Pressable {
    id: button
    property string text: ""
    property string icon: ""
    property string kind: "plain"
    property int size: Theme.textSize
    readonly property color _ink: kind === "plain" ? Theme.ink : Theme.white

    implicitWidth: Math.max(Theme.touch, row.implicitWidth + (text === "" ? 36 : 56))
    opacity: enabled ? 1 : 0.45
    label: text
    radius: height / 2
    frame: kind === "plain" ? 2 : 0
    color: ({
        "primary": pressed ? Theme.leafDark : Theme.leaf,
        "plain": pressed ? Theme.sunken : Theme.white,
        "quiet": pressed ? Theme.shadeDark : Theme.shade,
        "danger": pressed ? "#8A2718" : Theme.brick
    })[kind]
    Behavior on color { ColorAnimation { duration: Theme.quick } }

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
}
