import QtQuick
import Shelflens
import "../widgets"

// The live picture, always cropped so that the reticle's place in it stays whole and centred.
Rectangle {
    id: pane
    property real progress: 0
    property color reticleColor: Theme.white
    property bool reticleShown: true
    property string advice: ""
    property bool compact: false
    property bool searchOffered: false
    property real coveredTop: 0
    property real coveredRight: 0
    property real coveredBottom: 0
    readonly property bool lost: Kiosk.camera.lost

    color: Theme.night
    clip: true

    FrameItem {
        id: frame
        anchors.fill: parent
        feed: Kiosk.camera
        mirrored: Kiosk.camera.mirrored
        coveredTop: pane.coveredTop
        coveredRight: pane.coveredRight
        coveredBottom: pane.coveredBottom
        visible: hasFrame
        opacity: pane.lost ? 0.06 : 1
    }
    Reticle {
        id: reticle
        visible: pane.reticleShown && !pane.lost
        x: frame.hasFrame ? frame.reticle.x : pane.width * 0.18
        y: frame.hasFrame ? frame.reticle.y : pane.height * 0.18
        width: frame.hasFrame ? frame.reticle.width : pane.width * 0.64
        height: frame.hasFrame ? frame.reticle.height : pane.height * 0.64
        progress: pane.progress
        color: pane.reticleColor
    }
    Banner {
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: (pane.compact ? 8 : 16) + pane.coveredBottom }
        compact: pane.compact
        maximumWidth: pane.width - 48
        text: pane.lost ? "" : pane.advice
    }
    Column {
        visible: pane.lost
        anchors.centerIn: parent
        width: Math.min(pane.width - 64, 560)
        spacing: 16
        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            name: "camera-off"
            size: 64
            color: Theme.white
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            color: Theme.white
            font.pixelSize: 28
            font.weight: Font.DemiBold
            text: Kiosk.camera.state === "ended" ? qsTr("The recording has ended") : qsTr("The camera is not answering")
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            color: "#D5D7D9"
            visible: Kiosk.camera.state !== "ended"
            text: qsTr("I keep trying and come back by myself.")
        }
        Item { width: 1; height: 8 }
        ActionButton {
            anchors.horizontalCenter: parent.horizontalCenter
            visible: pane.searchOffered
            kind: "primary"
            icon: "search"
            text: qsTr("Search by name")
            onClicked: Kiosk.app.go("find")
        }
    }
}
