pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// How the kiosk is: camera, recognition, model, disk.
Item {
    id: page
    property bool portrait: false

    component Fact: Rectangle {
        id: fact
        property string icon: ""
        property string title: ""
        property string value: ""
        property string note: ""
        property string tone: "plain"
        property string word: ""
        width: content.cell
        height: 176
        radius: 24
        color: Theme.white
        border.width: 2
        border.color: Theme.line
        Rectangle {
            id: sign
            x: 22
            y: 22
            width: 48
            height: 48
            radius: 16
            color: Theme.groundOf(fact.tone)
            Icon { anchors.centerIn: parent; name: fact.icon; size: 28; color: Theme.inkOf(fact.tone) }
        }
        Label {
            anchors { left: sign.right; leftMargin: 14; right: tag.left; rightMargin: 8; verticalCenter: sign.verticalCenter }
            text: fact.title
            color: Theme.mute
            font.weight: Font.Medium
        }
        Tag {
            id: tag
            visible: fact.word !== ""
            width: visible ? implicitWidth : 0
            anchors { right: parent.right; rightMargin: 20; verticalCenter: sign.verticalCenter }
            text: fact.word
            tone: fact.tone
        }
        Label {
            anchors { left: parent.left; right: parent.right; bottom: noteLabel.top; leftMargin: 22; rightMargin: 22; bottomMargin: 2 }
            text: fact.value
            font.pixelSize: 28
            font.weight: Font.Bold
            fontSizeMode: Text.HorizontalFit
            minimumPixelSize: 17
        }
        Label {
            id: noteLabel
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom; leftMargin: 22; rightMargin: 22; bottomMargin: 16 }
            text: fact.note
            color: Theme.mute
            font.pixelSize: 17
        }
    }

    Flickable {
        id: scroll
        anchors.fill: parent
        contentHeight: content.implicitHeight + 60
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Grid {
            id: content
            x: 28
            y: 28
            width: page.width - 56
            columns: page.portrait ? 1 : 2
            spacing: 18
            readonly property real cell: page.portrait ? width : (width - 18) / 2

            Fact {
                icon: Kiosk.health.cameraFails ? "camera-off" : "camera"
                title: qsTr("Camera")
                tone: Kiosk.health.cameraTone
                word: ({ "sure": qsTr("Good"), "unsure": qsTr("Waiting"), "bad": qsTr("Not working") })[tone]
                value: ({ "live": qsTr("The picture is live"), "connecting": qsTr("Connecting"), "stalled": qsTr("The picture stands still"), "lost": qsTr("No picture"), "ended": qsTr("The recording has ended") })[Kiosk.health.speed.cameraState] || ""
                note: Kiosk.health.cameraFails ? Kiosk.health.speed.cameraMessage : (Kiosk.health.speed.framesPerS > 0 ? qsTr("%1 pictures a second").arg(Kiosk.health.speed.framesPerS) : "")
            }
            Fact {
                icon: "heart-pulse"
                title: qsTr("Recognition")
                tone: Kiosk.health.analysisTone
                word: ({ "plain": "", "sure": qsTr("Good"), "unsure": qsTr("Slow") })[tone]
                value: Kiosk.health.speed.analyseMs > 0 ? qsTr("%1 ms a picture").arg(Kiosk.health.speed.analyseMs) : qsTr("Nothing shown yet")
                note: Kiosk.health.facts.isTuned ? qsTr("Tuned to this shop's own photos") : qsTr("Not tuned yet: more photos a product help")
            }
            Fact {
                icon: "box"
                title: qsTr("Catalogue")
                tone: Kiosk.health.facts.products > 0 ? "sure" : "unsure"
                value: qsTr("Products: %1").arg(Kiosk.health.facts.products)
                note: qsTr("Photos: %1").arg(Kiosk.health.facts.photos)
            }
            Fact {
                icon: "eye"
                title: qsTr("Model")
                tone: word === "" ? "plain" : "unsure"
                word: ({ "no": qsTr("Research only"), "ask": qsTr("Ask the makers") })[Kiosk.health.facts.commercialUse] || ""
                value: Kiosk.health.facts.model
                note: Kiosk.health.facts.dimension > 0 ? qsTr("%1 numbers a picture").arg(Kiosk.health.facts.dimension) : ""
            }
            Fact {
                icon: "disk"
                title: qsTr("Disk")
                tone: Kiosk.health.diskTone
                word: ({ "plain": "", "sure": qsTr("Good"), "unsure": qsTr("Getting full"), "bad": qsTr("Full") })[tone]
                value: Kiosk.health.known ? qsTr("%1 GB free").arg(Kiosk.health.diskFreeGb) : ""
                note: Kiosk.health.diskFull ? qsTr("Free some space: new photos cannot be stored.") : ""
            }
            Fact {
                icon: "clock"
                title: qsTr("This kiosk")
                value: qsTr("Running for %1 min").arg(Kiosk.health.upMinutes)
                note: qsTr("%1 MB of memory").arg(Kiosk.health.facts.memoryMb)
            }
            Notice {
                width: content.cell
                tone: "bad"
                icon: "warning"
                text: Kiosk.health.fault
            }
        }
    }
    ScrollMark { flick: scroll }
}
