import QtQuick

// How far a list is scrolled, and that there is more.
Rectangle {
    property Flickable flick
    readonly property real share: flick.visibleArea.heightRatio
    anchors { right: flick.right; rightMargin: 6 }
    visible: share < 0.995 && flick.visible
    width: 6
    radius: 3
    color: "#CFC8BA"
    height: Math.max(40, flick.height * share)
    y: flick.y + (flick.height - height) * (flick.visibleArea.yPosition / Math.max(0.001, 1 - share))
}
