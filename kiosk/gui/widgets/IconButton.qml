import QtQuick

// A round button with an icon. `kind`: "plain", "quiet" (on pictures) or "bare".
Pressable {
    id: button
    property string icon: ""
    property string kind: "plain"

    opacity: enabled ? 1 : 0.4
    radius: height / 2
    frame: kind === "plain" ? 2 : 0
    color: kind === "quiet" ? (pressed ? Theme.shadeDark : Theme.shade)
         : pressed ? Theme.sunken : (kind === "bare" ? "transparent" : Theme.white)
    Icon {
        anchors.centerIn: parent
        name: button.icon
        size: 30
        color: button.kind === "quiet" ? Theme.white : Theme.ink
    }
}
