pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../camera"
import "../widgets"

// The live picture, which camera it is from, how it is turned, and whether there is light.
Item {
    id: step
    property bool portrait: false
    readonly property var lights: ({
        "dark": qsTr("It is too dark here: a lamp above the product helps."),
        "bright": qsTr("It is too bright here: keep lamps and windows out of the picture.")
    })
    readonly property string light: lights[Kiosk.setup.light] ?? ""

    CameraPane {
        id: pane
        objectName: "setupCamera"
        x: step.portrait ? 0 : 28
        y: step.portrait ? 0 : 24
        width: step.portrait ? step.width : Math.round(step.width * 0.54)
        height: step.portrait ? 520 : step.height - 48
        advice: qsTr("Products are held here")
    }
    Flickable {
        id: scroll
        anchors { left: step.portrait ? parent.left : pane.right; right: parent.right; top: step.portrait ? pane.bottom : parent.top; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; topMargin: 20; bottomMargin: 12 }
        contentHeight: words.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        Column {
            id: words
            width: scroll.width
            spacing: 12
            Row {
                width: parent.width
                Label {
                    width: parent.width - again.width
                    height: Theme.touch
                    text: qsTr("Is this the right picture?")
                    font.pixelSize: 30
                    font.weight: Font.Bold
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 20
                }
                IconButton {
                    id: again
                    objectName: "listCameras"
                    icon: "refresh"
                    label: qsTr("Look for cameras again")
                    enabled: !Kiosk.setup.looking
                    onClicked: Kiosk.setup.listCameras()
                }
            }
            Notice {
                objectName: "light"
                width: parent.width
                visible: !pane.lost && Kiosk.setup.light !== ""
                tone: step.light === "" ? "sure" : "unsure"
                icon: "sun"
                text: step.light || qsTr("The light is good.")
            }
            Notice {
                width: parent.width
                visible: !Kiosk.setup.looking && Kiosk.setup.cameras.count === 0
                tone: "plain"
                icon: "camera"
                text: qsTr("No other camera was found. Plug one in, then look again.")
            }
            Flow {
                width: parent.width
                spacing: 8
                Repeater {
                    model: Kiosk.setup.cameras
                    FilterChip {
                        required property int number
                        required property string name
                        maximumWidth: words.width
                        text: name
                        on: Kiosk.settings.source === String(number)
                        onClicked: Kiosk.settings.setSource(String(number))
                    }
                }
            }
            Label { text: qsTr("Turned by"); font.weight: Font.Medium }
            Segmented {
                objectName: "setupRotation"
                width: parent.width
                options: Kiosk.settings.rotations.map(each => each + "°")
                current: Kiosk.settings.rotationChoice
                onChosen: index => Kiosk.settings.chooseRotation(index)
            }
            Toggle {
                width: parent.width
                visible: Kiosk.settings.mirrorMatters
                text: qsTr("Show it like a mirror")
                hint: qsTr("Only on the screen: labels stay readable to the kiosk.")
                on: Kiosk.settings.mirror
                onChanged: value => Kiosk.settings.setMirror(value)
            }
        }
    }
    ScrollMark { flick: scroll; anchors.rightMargin: -18 }
}
