import QtQuick

// One key of the on-screen keyboard. It never takes the focus from the text.
Rectangle {
    id: key
    property string text: ""
    property string icon: ""
    property string label: text
    property string tone: "letter" // or "control", "go"
    property bool repeats: false
    property bool on: false
    signal pressed

    radius: 14
    color: area.pressed ? (tone === "go" ? Theme.leafDark : "#D9D3C5")
         : tone === "go" ? Theme.leaf : (on ? Theme.leafPale : (tone === "control" ? "#E3DDD0" : Theme.white))
    border.width: 1
    border.color: tone === "go" ? Theme.leaf : "#D9D3C5"
    Accessible.role: Accessible.Button
    Accessible.name: label
    Accessible.onPressAction: key.pressed()
    Label {
        anchors.centerIn: parent
        width: Math.min(implicitWidth, parent.width - 6)
        visible: key.icon === ""
        text: key.text
        font.pixelSize: key.text.length > 2 ? 20 : 27
        font.weight: Font.Medium
        color: key.tone === "go" ? Theme.white : Theme.ink
    }
    Icon {
        anchors.centerIn: parent
        visible: key.icon !== ""
        name: key.icon
        size: 30
        color: key.tone === "go" ? Theme.white : Theme.ink
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onPressed: key.pressed()
        onPressAndHold: if (key.repeats) again.start()
        onReleased: again.stop()
        onCanceled: again.stop()
    }
    Timer {
        id: again
        interval: 90
        repeat: true
        onTriggered: key.pressed()
    }
}
