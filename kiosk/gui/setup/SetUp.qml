pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../pin"
import "../widgets"

// The first start: language and currency, camera, PIN; the first product follows behind the PIN.
Rectangle {
    id: screen
    property bool portrait: false
    readonly property string step: Kiosk.setup.step
    readonly property bool steps: step === "language" || step === "camera"
    color: Theme.paper

    StepBar {
        id: bar
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: 84
        portrait: screen.portrait
    }
    Rectangle { anchors { left: parent.left; right: parent.right; top: bar.bottom } height: 1; color: Theme.line }
    Loader {
        anchors { left: parent.left; right: parent.right; top: bar.bottom; bottom: screen.steps ? buttons.top : parent.bottom; topMargin: 1 }
        sourceComponent: ({ "language": language, "camera": camera, "pin": pin, "product": pin })[screen.step] ?? null
    }
    Item {
        id: buttons
        visible: screen.steps
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; bottomMargin: screen.portrait ? 60 : 28 }
        height: Theme.touch
        ActionButton {
            objectName: "setupBack"
            visible: screen.step === "camera"
            icon: "back"
            text: qsTr("Back")
            onClicked: Kiosk.setup.back()
        }
        Label {
            anchors.centerIn: parent
            width: Math.min(implicitWidth, parent.width - 420)
            text: Kiosk.setup.fault || Kiosk.settings.fault
            color: Theme.brick
            wrapMode: Text.Wrap
            maximumLineCount: 2
        }
        ActionButton {
            objectName: "setupNext"
            anchors.right: parent.right
            kind: "primary"
            icon: "check"
            text: screen.step === "language" ? qsTr("Go on") : qsTr("The picture is right")
            onClicked: Kiosk.setup.next()
        }
    }
    Component { id: language; LanguageStep { portrait: screen.portrait } }
    Component { id: camera; CameraStep { portrait: screen.portrait } }
    Component { id: pin; Pin { portrait: screen.portrait; leavable: screen.step === "pin" && !Kiosk.setup.stocked } }
}
