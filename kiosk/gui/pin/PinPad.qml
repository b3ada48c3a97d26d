pragma ComponentBehavior: Bound
import QtQuick
import "../widgets"

// Ten digits, delete and go.
Grid {
    id: pad
    signal digit(string value)
    signal erase
    signal go
    property bool ready: true

    columns: 3
    spacing: 12
    Repeater {
        model: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "<", "0", ">"]
        KeyCap {
            required property string modelData
            width: 96
            height: 76
            radius: 22
            text: modelData
            icon: modelData === "<" ? "backspace" : (modelData === ">" ? "check" : "")
            label: modelData === "<" ? qsTr("Delete") : (modelData === ">" ? qsTr("Done") : modelData)
            tone: modelData === ">" ? "go" : (modelData === "<" ? "control" : "letter")
            enabled: pad.ready
            opacity: pad.ready ? 1 : 0.4
            onPressed: modelData === "<" ? pad.erase() : (modelData === ">" ? pad.go() : pad.digit(modelData))
        }
    }
}
