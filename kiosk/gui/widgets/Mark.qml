import QtQuick

// The word mark; a long press on it opens the way to the staff screens, a short one says so.
Item {
    id: mark
    property color color: Theme.ink
    signal held

    z: 1
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
        onClicked: hint.visible = true
    }
    Banner {
        id: hint
        objectName: "staffHint"
        anchors { left: parent.left; top: parent.bottom; topMargin: 4 }
        visible: false
        icon: "lock"
        text: qsTr("Staff: hold for two seconds")
        Timer {
            running: hint.visible
            interval: 3000
            onTriggered: hint.visible = false
        }
    }
}
