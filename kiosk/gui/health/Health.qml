import QtQuick
import "../widgets"

// How the kiosk is: camera, recognition, model, disk.
Item {
    id: page
    property bool portrait: false
    readonly property var view: health.view

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
            color: ({ "sure": Theme.leafPale, "unsure": Theme.amberPale, "bad": Theme.brickPale, "plain": Theme.sunken })[fact.tone]
            Icon { anchors.centerIn: parent; name: fact.icon; size: 28; color: ({ "sure": Theme.leafDark, "unsure": Theme.amberDark, "bad": Theme.brick, "plain": Theme.ink })[fact.tone] }
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
                icon: page.view.cameraTone === "bad" ? "camera-off" : "camera"
                title: qsTr("Camera")
                tone: page.view.cameraTone
                word: ({ "sure": qsTr("Good"), "unsure": qsTr("Waiting"), "bad": qsTr("Not working") })[page.view.cameraTone]
                value: ({ "live": qsTr("The picture is live"), "connecting": qsTr("Connecting"), "stalled": qsTr("The picture stands still"), "lost": qsTr("No picture"), "ended": qsTr("The recording has ended") })[page.view.cameraState] || ""
                note: page.view.cameraTone === "bad" ? page.view.cameraMessage : (page.view.framesPerS > 0 ? qsTr("%1 pictures a second").arg(page.view.framesPerS) : "")
            }
            Fact {
                icon: "heart-pulse"
                title: qsTr("Recognition")
                tone: page.view.analyseMs === 0 ? "plain" : (page.view.analyseMs < 250 ? "sure" : "unsure")
                word: page.view.analyseMs === 0 ? "" : (page.view.analyseMs < 250 ? qsTr("Good") : qsTr("Slow"))
                value: page.view.analyseMs > 0 ? qsTr("%1 ms a picture").arg(page.view.analyseMs) : qsTr("Nothing shown yet")
                note: page.view.metric === "tuned" ? qsTr("Tuned to this shop's own photos") : qsTr("Not tuned yet: more photos a product help")
            }
            Fact {
                icon: "box"
                title: qsTr("Catalogue")
                tone: page.view.products > 0 ? "sure" : "unsure"
                value: qsTr("Products: %1").arg(page.view.products)
                note: qsTr("Photos: %1").arg(page.view.photos)
            }
            Fact {
                icon: "eye"
                title: qsTr("Model")
                tone: page.view.commercialUse === "yes" || page.view.commercialUse === "" ? "plain" : "unsure"
                word: page.view.commercialUse === "no" ? qsTr("Research only") : (page.view.commercialUse === "ask" ? qsTr("Ask the makers") : "")
                value: page.view.model
                note: page.view.dimension > 0 ? qsTr("%1 numbers a picture").arg(page.view.dimension) : ""
            }
            Fact {
                icon: "disk"
                title: qsTr("Disk")
                tone: page.view.known ? page.view.diskTone : "plain"
                word: page.view.known ? ({ "sure": qsTr("Good"), "unsure": qsTr("Getting full"), "bad": qsTr("Full") })[page.view.diskTone] : ""
                value: page.view.known ? qsTr("%1 GB free").arg(page.view.diskFreeGb) : ""
                note: page.view.diskTone === "bad" && page.view.known ? qsTr("Free some space: new photos cannot be stored.") : ""
            }
            Fact {
                icon: "clock"
                title: qsTr("This kiosk")
                value: qsTr("Running for %1 min").arg(page.view.upMinutes)
                note: qsTr("%1 MB of memory").arg(page.view.memoryMb)
            }
            Notice {
                width: content.cell
                tone: "bad"
                icon: "warning"
                text: page.view.fault
            }
        }
    }
    ScrollMark { flick: scroll }
}
