pragma ComponentBehavior: Bound
import QtQuick
import Shelflens

// Our own keys: Latin letters, Vietnamese by Telex, numbers, and the characters
// that the catalogue's Chinese names are made of. They type into `target`, a TextInput.
Rectangle {
    id: board
    property TextInput target: null
    property string page: "latin" // "vi", "numbers", "han"
    property bool shifted: false
    property list<string> characters
    property string actionText: ""
    signal done

    readonly property bool open: target !== null
    readonly property real keyHeight: 64
    readonly property real spacing: 7
    readonly property var _letters: [["q","w","e","r","t","y","u","i","o","p"], ["a","s","d","f","g","h","j","k","l"], ["z","x","c","v","b","n","m"]]
    readonly property var _numbers: [["1","2","3","4","5","6","7","8","9","0"], ["-","/",":",";","(",")","$","&","@"], [".",",","?","!","'","+","%"]]
    readonly property var _rows: page === "numbers" ? _numbers : _letters
    readonly property real _unit: (Math.min(width, 1240) - 32 - 9 * spacing) / 10

    height: 4 * keyHeight + 3 * spacing + 32
    color: "#EDE8DC"

    onTargetChanged: {
        shifted = false;
        if (target && target.inputMethodHints & Qt.ImhPreferNumbers)
            page = "numbers";
        else if (page === "numbers")
            page = Kiosk.settings.language === "vi" ? "vi" : "latin";
    }

    function type(character: string) {
        if (!target)
            return;
        const at = target.cursorPosition;
        const before = target.selectedText !== "" ? target.text.slice(0, target.selectionStart) : target.text.slice(0, at);
        const after = target.text.slice(target.selectedText !== "" ? target.selectionEnd : at);
        const letter = shifted ? character.toUpperCase() : character;
        const typed = joined(before, letter);
        target.text = typed + after;
        target.cursorPosition = typed.length;
        target.textEdited();
        shifted = false;
    }
    function joined(before: string, letter: string): string {
        return page === "vi" ? Kiosk.keyboard.telex(before, letter) : before + letter;
    }
    function erase() {
        if (!target)
            return;
        const from = target.selectedText !== "" ? target.selectionStart : target.cursorPosition;
        const before = target.selectedText !== "" ? target.text.slice(0, from) : Kiosk.keyboard.erased(target.text.slice(0, from));
        const after = target.text.slice(target.selectedText !== "" ? target.selectionEnd : from);
        target.text = before + after;
        target.cursorPosition = before.length;
        target.textEdited();
    }

    // Taps between the keys must not fall through.
    MouseArea { anchors.fill: parent }

    Column {
        anchors.centerIn: parent
        spacing: board.spacing
        visible: board.page !== "han"
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: board.spacing
            Repeater {
                model: board._rows[0]
                KeyCap {
                    required property string modelData
                    width: board._unit
                    height: board.keyHeight
                    text: board.shifted ? modelData.toUpperCase() : modelData
                    onPressed: board.type(modelData)
                }
            }
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: board.spacing
            Repeater {
                model: board._rows[1]
                KeyCap {
                    required property string modelData
                    width: board._unit
                    height: board.keyHeight
                    text: board.shifted ? modelData.toUpperCase() : modelData
                    onPressed: board.type(modelData)
                }
            }
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: board.spacing
            KeyCap {
                width: board._unit * 1.5
                height: board.keyHeight
                tone: "control"
                icon: "shift"
                label: qsTr("Capital letters")
                on: board.shifted
                onPressed: board.shifted = !board.shifted
            }
            Repeater {
                model: board._rows[2]
                KeyCap {
                    required property string modelData
                    width: board._unit
                    height: board.keyHeight
                    text: board.shifted ? modelData.toUpperCase() : modelData
                    onPressed: board.type(modelData)
                }
            }
            KeyCap {
                width: board._unit * 1.5
                height: board.keyHeight
                tone: "control"
                icon: "backspace"
                label: qsTr("Delete")
                repeats: true
                onPressed: board.erase()
            }
        }
        BottomRow {}
    }

    component BottomRow: Row {
        anchors.horizontalCenter: parent.horizontalCenter
        spacing: board.spacing
        KeyCap {
            width: board._unit * 1.2
            height: board.keyHeight
            tone: "control"
            text: board.page === "numbers" ? "ABC" : "123"
            onPressed: board.page = board.page === "numbers" ? "latin" : "numbers"
        }
        KeyCap {
            width: board._unit * 1.1
            height: board.keyHeight
            tone: "control"
            text: board.page === "vi" ? "VI" : "EN"
            label: qsTr("Vietnamese letters")
            on: board.page === "vi"
            visible: board.page !== "numbers"
            onPressed: board.page = board.page === "vi" ? "latin" : "vi"
        }
        KeyCap {
            width: board._unit * 1.1
            height: board.keyHeight
            tone: "control"
            text: "中"
            label: qsTr("Chinese characters of the catalogue")
            on: board.page === "han"
            visible: board.characters.length > 0
            onPressed: board.page = board.page === "han" ? "latin" : "han"
        }
        KeyCap {
            width: board._unit * (board.characters.length > 0 ? 3.6 : 4.8)
            height: board.keyHeight
            text: " "
            label: qsTr("Space")
            onPressed: board.type(" ")
        }
        KeyCap {
            visible: board.page === "han"
            width: board._unit * 1.1
            height: board.keyHeight
            tone: "control"
            icon: "backspace"
            label: qsTr("Delete")
            repeats: true
            onPressed: board.erase()
        }
        KeyCap {
            width: board._unit * 2
            height: board.keyHeight
            tone: "go"
            icon: "check"
            label: qsTr("Done")
            onPressed: board.done()
        }
    }

    Column {
        anchors.centerIn: parent
        spacing: board.spacing
        visible: board.page === "han"
        Flow {
            width: board._unit * 10 + board.spacing * 9
            height: 3 * board.keyHeight + 2 * board.spacing
            spacing: board.spacing
            clip: true
            Repeater {
                model: board.page === "han" ? board.characters.slice(0, 30) : []
                KeyCap {
                    required property string modelData
                    width: board._unit
                    height: board.keyHeight
                    text: modelData
                    onPressed: board.type(modelData)
                }
            }
        }
        BottomRow {}
    }
}
