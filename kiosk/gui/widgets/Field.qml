import QtQuick

// A labelled line of text. `value` comes from the view model, `edited` goes to it.
Item {
    id: field
    property string label: ""
    property string value: ""
    property string hint: ""
    property string problem: ""
    property string placeholder: ""
    property string keys: "text" // or "number"
    property string icon: ""
    property bool secret: false
    readonly property alias input: line
    readonly property bool focused: line.activeFocus
    signal edited(string text)
    signal accepted
    signal cleared

    implicitHeight: (label === "" ? 0 : 28) + 60 + (note.visible ? note.implicitHeight + 4 : 0)

    function give(text) {
        if (line.text !== text)
            line.text = text;
    }
    onValueChanged: give(value)
    Component.onCompleted: give(value)

    Label {
        id: caption
        visible: field.label !== ""
        width: parent.width
        height: visible ? 28 : 0
        text: field.label
        color: Theme.mute
        font.pixelSize: Theme.smallSize
    }
    Rectangle {
        id: box
        anchors { left: parent.left; right: parent.right; top: caption.bottom }
        height: 60
        radius: 18
        color: Theme.white
        border.width: line.activeFocus ? 3 : 2
        border.color: field.problem !== "" ? Theme.brick : (line.activeFocus ? Theme.leaf : Theme.line)
        Icon {
            id: sign
            visible: field.icon !== ""
            anchors { left: parent.left; leftMargin: 18; verticalCenter: parent.verticalCenter }
            name: field.icon
            color: Theme.mute
        }
        MouseArea {
            anchors.fill: parent
            onClicked: line.forceActiveFocus()
        }
        TextInput {
            id: line
            objectName: "input"
            anchors { left: field.icon !== "" ? sign.right : parent.left; leftMargin: field.icon !== "" ? 12 : 18; right: clear.visible ? clear.left : parent.right; rightMargin: 14; verticalCenter: parent.verticalCenter }
            height: parent.height
            verticalAlignment: TextInput.AlignVCenter
            clip: true
            color: Theme.ink
            selectionColor: Theme.leafPale
            selectedTextColor: Theme.ink
            font.pixelSize: Theme.textSize
            activeFocusOnTab: true
            maximumLength: 400
            inputMethodHints: field.keys === "number" ? Qt.ImhPreferNumbers : Qt.ImhNone
            echoMode: field.secret ? TextInput.Password : TextInput.Normal
            Accessible.role: Accessible.EditableText
            Accessible.name: field.label !== "" ? field.label : field.placeholder
            onTextEdited: field.edited(text)
            onAccepted: field.accepted()
        }
        Label {
            anchors { fill: line }
            visible: line.text === "" && line.preeditText === ""
            text: field.placeholder
            color: "#8B8F94"
            font.pixelSize: Theme.textSize
        }
        Item {
            id: clear
            visible: line.text !== "" && field.icon !== ""
            anchors { right: parent.right; top: parent.top; bottom: parent.bottom }
            width: Theme.touch
            Icon {
                anchors.centerIn: parent
                name: "close"
                size: 24
                color: Theme.mute
            }
            MouseArea {
                anchors.fill: parent
                onClicked: { line.text = ""; field.edited(""); field.cleared(); }
            }
        }
    }
    Label {
        id: note
        anchors { left: parent.left; right: parent.right; top: box.bottom; topMargin: 4 }
        visible: text !== ""
        text: field.problem !== "" ? field.problem : field.hint
        color: field.problem !== "" ? Theme.brick : Theme.mute
        font.pixelSize: 16
        wrapMode: Text.Wrap
        maximumLineCount: 2
    }
}
