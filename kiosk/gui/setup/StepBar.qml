pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Where the set-up stands, and a way to leave its last step.
Item {
    id: bar
    property bool portrait: false
    property bool leavable: false

    Row {
        anchors { left: parent.left; leftMargin: bar.portrait ? 20 : 28; verticalCenter: parent.verticalCenter }
        spacing: bar.portrait ? 14 : 26
        Repeater {
            model: [qsTr("Language"), qsTr("Camera"), qsTr("PIN"), qsTr("First product")]
            Row {
                id: step
                required property string modelData
                required property int index
                readonly property bool now: index === Kiosk.setup.number
                readonly property bool over: index < Kiosk.setup.number
                spacing: 10
                Accessible.role: Accessible.StaticText
                Accessible.name: modelData
                Rectangle {
                    width: 44
                    height: 44
                    radius: 22
                    color: step.now ? Theme.leaf : (step.over ? Theme.leafPale : Theme.sunken)
                    Label {
                        anchors.centerIn: parent
                        visible: !step.over
                        text: step.index + 1
                        font.weight: Font.Bold
                        color: step.now ? Theme.white : Theme.mute
                    }
                    Icon { anchors.centerIn: parent; visible: step.over; name: "check"; size: 24; color: Theme.leafDark }
                }
                Label {
                    visible: step.now || !bar.portrait
                    height: 44
                    text: step.modelData
                    font.weight: step.now ? Font.Bold : Font.Medium
                    color: step.now ? Theme.ink : Theme.mute
                }
            }
        }
    }
    Row {
        visible: bar.leavable
        anchors { right: parent.right; rightMargin: bar.portrait ? 10 : 28; verticalCenter: parent.verticalCenter }
        spacing: 10
        ActionButton {
            objectName: "importInstead"
            icon: "download"
            text: bar.portrait ? "" : qsTr("Import a list")
            label: qsTr("Import a list")
            onClicked: { Kiosk.setup.finish(); Kiosk.app.turnPage("transfer"); }
        }
        ActionButton {
            objectName: "skip"
            text: qsTr("Skip")
            onClicked: Kiosk.setup.finish()
        }
    }
}
