import QtQuick
import Shelflens
import "../widgets"

// The way to the staff screens.
Rectangle {
    id: screen
    property bool portrait: false
    property bool leavable: true
    readonly property bool locked: Kiosk.pin.waitS > 0
    readonly property bool missing: Kiosk.pin.mode === "missing"
    color: Theme.paper
    focus: true
    Component.onCompleted: forceActiveFocus()
    Keys.onPressed: event => {
        if (event.key >= Qt.Key_0 && event.key <= Qt.Key_9)
            Kiosk.pin.digit(String(event.key - Qt.Key_0));
        else if (event.key === Qt.Key_Backspace)
            Kiosk.pin.erase();
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            Kiosk.pin.submit();
        else
            return;
        event.accepted = true;
    }

    IconButton {
        x: 28
        y: 24
        visible: screen.leavable
        icon: "back"
        label: qsTr("Back")
        onClicked: Kiosk.pin.leave()
    }

    Column {
        id: words
        width: screen.portrait ? screen.width - 2 * Theme.margin : 480
        x: screen.portrait ? Theme.margin : screen.width * (screen.missing ? 0.5 : 0.27) - width / 2 + 10
        y: screen.portrait ? 190 : (screen.height - implicitHeight) / 2
        spacing: 18
        RoundSign {
            anchors.horizontalCenter: parent.horizontalCenter
            side: 92
            icon: screen.locked ? "clock" : "lock"
            tone: screen.locked ? "unsure" : "sure"
        }
        Label {
            objectName: "pinTitle"
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            maximumLineCount: 3
            font.pixelSize: Theme.titleSize
            font.weight: Font.Bold
            text: screen.locked ? qsTr("Too many wrong tries")
                : ({ "set": qsTr("Choose a staff PIN"), "repeat": qsTr("Once more, please"), "enter": qsTr("Staff PIN"), "missing": qsTr("No staff PIN yet"), "loading": qsTr("One moment") })[Kiosk.pin.mode]
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            maximumLineCount: 4
            color: Theme.mute
            font.pixelSize: Theme.bodySize
            text: screen.locked ? qsTr("Try again in %1").arg(screen.clock(Kiosk.pin.waitS))
                : ({ "set": qsTr("Six digits or more are safe, four the least. It opens enrolment, products and settings."), "repeat": qsTr("Type the same digits again."), "enter": qsTr("For the people who work here."), "missing": qsTr("Whoever looks after this machine sets it with the command “kiosk pin set”."), "loading": "" })[Kiosk.pin.mode]
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: !screen.locked && !screen.missing
            height: 34
            spacing: 14
            Repeater {
                model: Math.max(Kiosk.pin.mode === "enter" ? 4 : 6, Kiosk.pin.digits)
                Rectangle {
                    required property int index
                    width: 20
                    height: 20
                    radius: 10
                    anchors.verticalCenter: parent.verticalCenter
                    color: index < Kiosk.pin.digits ? Theme.ink : "transparent"
                    border.width: 2
                    border.color: index < Kiosk.pin.digits ? Theme.ink : "#C9C2B4"
                }
            }
        }
        Notice {
            width: parent.width
            tone: Kiosk.pin.wrong ? "unsure" : "bad"
            visible: text !== "" && !screen.locked
            text: ({
                "": "",
                "wrong": Kiosk.pin.triesLeft > 0 ? qsTr("That was not it. Tries before a pause: %1").arg(Kiosk.pin.triesLeft) : qsTr("That was not it. The next wrong try makes the pause longer."),
                "too_simple": qsTr("Please use 4 to 10 digits that are not all the same."),
                "different": qsTr("The two were different. Choose again."),
                "storage": qsTr("The PIN could not be read or stored. Is the disk full?")
            })[Kiosk.pin.problem]
        }
    }
    PinPad {
        x: screen.portrait ? (screen.width - width) / 2 : screen.width * 0.72 - width / 2
        y: screen.portrait ? screen.height - height - 130 : (screen.height - height) / 2
        visible: !screen.missing
        ready: Kiosk.pin.ready
        onDigit: value => Kiosk.pin.digit(value)
        onErase: Kiosk.pin.erase()
        onGo: Kiosk.pin.submit()
    }
    function clock(seconds: int): string {
        const minutes = Math.floor(seconds / 60);
        return minutes > 0 ? qsTr("%1 min %2 s").arg(minutes).arg(seconds % 60) : qsTr("%1 s").arg(seconds);
    }
}
