import QtQuick
import Shelflens
import "../camera"
import "../widgets"

// Guided pictures on one side, the form on the other, the rehearsal at the end.
Item {
    id: page
    property bool portrait: false
    property bool cramped: false
    readonly property bool done: !!Kiosk.enrol.rehearsal
    readonly property bool stripShown: portrait || !cramped
    readonly property var advices: ({
        "": "",
        "ok": "",
        "blurred": qsTr("Blurred: hold it still"),
        "dark": qsTr("Too dark: turn it to the light"),
        "bright": qsTr("Too bright: turn it away from the light"),
        "too_far": qsTr("Come closer"),
        "too_close": qsTr("Move back a little"),
        "nothing": qsTr("Hold the product in the frame"),
        "hand_moving": qsTr("Wait until your hand is still"),
        "too_alike": qsTr("Turn it: this view is there already")
    })
    readonly property var asks: ({
        "front": qsTr("Show its front"), "back": qsTr("Now its back"), "left": qsTr("Now its left side"),
        "right": qsTr("Now its right side"), "top": qsTr("Now from above"), "extra": qsTr("One more: its label, close"), "": ""
    })

    Item {
        id: studio
        x: page.portrait ? 0 : 28
        y: page.portrait ? 0 : 24
        visible: !(page.portrait && page.cramped) && !page.done
        width: page.portrait ? page.width : Math.round(page.width * 0.54)
        height: page.portrait ? 610 : page.height - 48

        CameraPane {
            id: pane
            objectName: "enrolCamera"
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: page.stripShown ? strip.top : parent.bottom; bottomMargin: page.stripShown ? 14 : 0 }
            compact: true
            progress: Kiosk.enrol.hold
            reticleColor: Kiosk.enrol.good ? Theme.leafBright : Theme.amberBright
            advice: Kiosk.enrol.doubt ? "" : Kiosk.enrol.refused ? qsTr("Take it away, then show the product again") : page.advices[Kiosk.enrol.advice] || page.asks[Kiosk.enrol.angleKind] || ""
        }
        Question {
            objectName: "question"
            anchors { left: pane.left; right: pane.right; bottom: pane.bottom; margins: 14 }
        }
        ActionButton {
            objectName: "shutter"
            anchors { right: pane.right; top: pane.top; margins: 14 }
            visible: !pane.lost
            kind: "quiet"
            icon: "camera"
            text: qsTr("Take")
            onClicked: Kiosk.enrol.capture()
        }
        AngleStrip {
            id: strip
            visible: page.stripShown
            x: page.portrait ? 20 : 0
            anchors.bottom: parent.bottom
            width: parent.width - 2 * x
        }
    }

    Item {
        visible: !page.done
        anchors { left: page.portrait ? parent.left : studio.right; right: parent.right; top: page.portrait && studio.visible ? studio.bottom : parent.top; bottom: parent.bottom; leftMargin: 28; rightMargin: 28; topMargin: page.portrait ? 18 : 24; bottomMargin: 24 }

        EnrolForm {
            id: form
            anchors { left: parent.left; right: parent.right; top: parent.top; bottom: buttons.top; bottomMargin: 14 }
        }
        ScrollMark { flick: form; anchors.rightMargin: -18 }
        Item {
            id: buttons
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: page.cramped ? 0 : Theme.touch
            visible: !page.cramped
            Label {
                anchors { left: parent.left; right: save.left; rightMargin: 16; verticalCenter: parent.verticalCenter }
                text: Kiosk.enrol.pictures === 0 ? qsTr("Take at least one picture; five are better.") : (Kiosk.enrol.pictures < 5 ? qsTr("%1 of 5 pictures").arg(Kiosk.enrol.pictures) : qsTr("%1 pictures: that is plenty").arg(Kiosk.enrol.pictures))
                color: Theme.mute
                font.pixelSize: Theme.smallSize
                wrapMode: Text.Wrap
                maximumLineCount: 2
            }
            ActionButton {
                id: save
                objectName: "saveProduct"
                anchors.right: parent.right
                kind: "primary"
                icon: "check"
                enabled: Kiosk.enrol.canSave
                text: Kiosk.enrol.saving ? qsTr("Saving…") : (Kiosk.enrol.existing ? qsTr("Save photos") : qsTr("Save product"))
                onClicked: Kiosk.enrol.save()
            }
        }
    }

    Rehearsal {
        objectName: "rehearsal"
        anchors.fill: parent
        visible: page.done
    }
}
