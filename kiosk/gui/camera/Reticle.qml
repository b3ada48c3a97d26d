pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Shapes
import "../widgets"

// Four corners that say where to hold the product, and a line that fills while it is held.
Item {
    id: reticle
    property real progress: 0
    property color color: Theme.white
    property color fill: Theme.leafBright
    property int stroke: 7
    property real arm: Math.min(width, height) * 0.16
    property real bend: Math.min(36, arm * 0.6)

    component Corner: Shape {
        id: corner
        property real turn: 0
        width: reticle.arm + reticle.stroke
        height: reticle.arm + reticle.stroke
        rotation: turn
        ShapePath {
            strokeColor: reticle.color
            strokeWidth: reticle.stroke
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            startX: reticle.stroke / 2
            startY: reticle.arm
            PathLine { x: reticle.stroke / 2; y: reticle.stroke / 2 + reticle.bend }
            PathArc {
                x: reticle.stroke / 2 + reticle.bend
                y: reticle.stroke / 2
                radiusX: reticle.bend
                radiusY: reticle.bend
            }
            PathLine { x: reticle.arm; y: reticle.stroke / 2 }
        }
    }
    Corner { anchors { left: parent.left; top: parent.top } }
    Corner { anchors { right: parent.right; top: parent.top } turn: 90 }
    Corner { anchors { right: parent.right; bottom: parent.bottom } turn: 180 }
    Corner { anchors { left: parent.left; bottom: parent.bottom } turn: 270 }

    Rectangle {
        id: track
        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 14 }
        width: parent.width * 0.44
        height: 10
        radius: 5
        color: "#66000000"
        visible: reticle.progress > 0.01
        Rectangle {
            height: parent.height
            radius: 5
            width: Math.max(height, parent.width * Math.min(1, reticle.progress))
            color: reticle.fill
            Behavior on width { NumberAnimation { duration: Theme.quick } }
        }
    }
}
