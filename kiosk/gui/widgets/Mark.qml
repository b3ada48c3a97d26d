import QtQuick

// The word mark; a long press on it opens the way to the staff screens.
Item {
    id: mark
    property color color: Theme.ink
    signal held

    implicitWidth: row.implicitWidth + 16
    implicitHeight: Theme.touch
    Row {
        id: row
        anchors.verticalCenter: parent.verticalCenter
        spacing: 12
        Item {
            width: 32
            height: 32
            anchors.verticalCenter: parent.verticalCenter
            Rectangle {
                anchors.fill: parent
                radius: 10
                color: "transparent"
                border.width: 4
                border.color: Theme.leaf
            }
            Rectangle {
                anchors.centerIn: parent
                width: 12
                height: 12
                radius: 6
                color: mark.color
            }
        }
        Label {
            text: "Shelflens"
            color: mark.color
            font.pixelSize: 27
            font.weight: Font.Bold
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    MouseArea {
        anchors.fill: parent
        pressAndHoldInterval: 900
        onPressAndHold: mark.held()
    }
}
