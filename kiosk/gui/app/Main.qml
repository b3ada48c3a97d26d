pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import Shelflens
import "../attract"
import "../find"
import "../look"
import "../pin"
import "../setup"
import "../widgets"

Window {
    id: window
    width: 1280
    height: 720
    minimumWidth: 480
    minimumHeight: 480
    title: "Shelflens"
    color: Theme.paper

    Shortcut {
        sequence: "Escape"
        enabled: !Kiosk.app.kioskMode && window.visibility === Window.FullScreen
        onActivated: window.showNormal()
    }
    Shortcut {
        sequence: "F11"
        enabled: !Kiosk.app.kioskMode
        onActivated: window.visibility === Window.FullScreen ? window.showNormal() : window.showFullScreen()
    }

    Binding {
        target: Theme
        property: "reducedMotion"
        value: Kiosk.settings.reducedMotion
    }

    // Everything is laid out for a short side of 720 and scaled from there.
    Item {
        id: stage
        objectName: "stage"
        readonly property real factor: Math.min(window.width, window.height) / 720
        readonly property bool portrait: height > width
        readonly property string screen: Kiosk.app.screen
        width: window.width / factor
        height: window.height / factor
        scale: factor
        transformOrigin: Item.TopLeft
        focus: true

        // The room above the on-screen keyboard.
        Item {
            id: room
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: keys.top }

            Look {
                anchors.fill: parent
                portrait: stage.portrait
                visible: stage.screen === "look"
            }
            Attract {
                anchors.fill: parent
                portrait: stage.portrait
                visible: stage.screen === "attract"
            }
            Loader {
                anchors.fill: parent
                active: stage.screen === "setup"
                sourceComponent: SetUp { portrait: stage.portrait }
            }
            Loader {
                anchors.fill: parent
                active: stage.screen === "find"
                sourceComponent: Find { portrait: stage.portrait; cramped: keys.open }
            }
            Loader {
                anchors.fill: parent
                active: stage.screen === "pin"
                sourceComponent: Pin { portrait: stage.portrait }
            }
            Loader {
                anchors.fill: parent
                active: stage.screen === "staff"
                sourceComponent: Staff { portrait: stage.portrait; cramped: keys.open }
            }
        }

        OnScreenKeyboard {
            id: keys
            objectName: "keyboard"
            anchors { left: parent.left; right: parent.right }
            y: open ? parent.height - height : parent.height
            visible: open
            target: stage.screen !== "attract" ? window.activeFocusItem as TextInput : null
            characters: Kiosk.app.screen === "find" ? Kiosk.find.characters : []
            onDone: {
                if (target)
                    target.accepted();
                stage.forceActiveFocus();
            }
        }

        Connections {
            target: Kiosk.app
            // The find and PIN screens take the focus themselves.
            function onScreenChanged() {
                if (Kiosk.app.screen !== "find" && Kiosk.app.screen !== "pin")
                    stage.forceActiveFocus();
            }
        }

        Rectangle {
            objectName: "idleWarning"
            anchors.fill: parent
            visible: Kiosk.app.idleLeft > 0
            color: Theme.veil
            MouseArea { anchors.fill: parent; onClicked: Kiosk.app.touched() }
            Sheet {
                anchors.centerIn: parent
                width: Math.min(560, parent.width - 80)
                height: asking.implicitHeight + 72
                Column {
                    id: asking
                    anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 40 }
                    spacing: 18
                    Label {
                        width: parent.width
                        text: qsTr("Are you still there?")
                        font.pixelSize: Theme.titleSize
                        font.weight: Font.Bold
                        horizontalAlignment: Text.AlignHCenter
                        wrapMode: Text.Wrap
                    }
                    Label {
                        width: parent.width
                        text: qsTr("Starting over in %1 s").arg(Kiosk.app.idleLeft)
                        color: Theme.mute
                        font.pixelSize: Theme.bodySize
                        horizontalAlignment: Text.AlignHCenter
                    }
                    Row {
                        anchors.horizontalCenter: parent.horizontalCenter
                        spacing: 14
                        ActionButton { text: qsTr("Start over"); onClicked: Kiosk.app.home() }
                        ActionButton { kind: "primary"; text: qsTr("I am still here"); onClicked: Kiosk.app.touched() }
                    }
                }
            }
        }
    }
}
