import QtQuick

// A paper panel that stands beside the camera (landscape) or below it (portrait).
Rectangle {
    color: Theme.paper
    radius: Theme.radius
    // Taps on the sheet must not fall through to the camera.
    MouseArea { anchors.fill: parent }
}
