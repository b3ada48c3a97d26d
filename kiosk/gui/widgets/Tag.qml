import QtQuick

// A small coloured word. `tone`: "sure", "unsure", "bad" or "plain".
Rectangle {
    id: tag
    property string text: ""
    property string tone: "plain"

    implicitWidth: label.implicitWidth + 28
    implicitHeight: 36
    radius: height / 2
    color: Theme.groundOf(tone)
    Label {
        id: label
        anchors.centerIn: parent
        width: Math.min(implicitWidth, tag.width - 20)
        text: tag.text
        font.pixelSize: Theme.smallSize
        font.weight: Font.DemiBold
        color: tag.tone === "plain" ? Theme.mute : Theme.inkOf(tag.tone)
    }
}
