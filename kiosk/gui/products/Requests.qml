pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Numbers that customers asked for and no product has: enrol one, or take it from the list.
Rectangle {
    color: Theme.paper
    Label {
        id: title
        anchors { left: parent.left; right: close.left; top: parent.top; margins: 28; topMargin: 22 }
        text: qsTr("Asked for, but not here")
        font.pixelSize: 28
        font.weight: Font.Bold
    }
    IconButton {
        id: close
        objectName: "closeRequests"
        anchors { right: parent.right; rightMargin: 20; verticalCenter: title.verticalCenter }
        kind: "bare"
        icon: "close"
        label: qsTr("Close")
        onClicked: Kiosk.requests.showList(false)
    }
    Label {
        id: words
        anchors { left: parent.left; right: parent.right; top: title.bottom; leftMargin: 28; rightMargin: 28; topMargin: 4 }
        wrapMode: Text.Wrap
        text: Kiosk.requests.fault || qsTr("Customers showed these numbers. The export has them as a table.")
        color: Kiosk.requests.fault ? Theme.brick : Theme.mute
        font.pixelSize: Theme.smallSize
    }
    ListView {
        id: list
        objectName: "requestList"
        anchors { left: parent.left; right: parent.right; top: words.bottom; bottom: parent.bottom; topMargin: 14 }
        leftMargin: 28
        rightMargin: 28
        bottomMargin: 20
        spacing: 10
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: Kiosk.requests.rows
        delegate: Rectangle {
            id: request
            required property string code
            required property int times
            required property int daysAgo
            width: list.width - 56
            height: 96
            radius: 20
            color: Theme.white
            border.width: 2
            border.color: Theme.line
            Column {
                anchors { left: parent.left; leftMargin: 20; right: buttons.left; rightMargin: 12; verticalCenter: parent.verticalCenter }
                spacing: 2
                Label {
                    width: parent.width
                    text: request.code
                    font.weight: Font.DemiBold
                    fontSizeMode: Text.HorizontalFit
                    minimumPixelSize: 15
                }
                Label {
                    width: parent.width
                    text: qsTr("%1×, last %2").arg(request.times).arg(request.daysAgo === 0 ? qsTr("today") : request.daysAgo === 1 ? qsTr("yesterday") : qsTr("%1 days ago").arg(request.daysAgo))
                    color: Theme.mute
                    font.pixelSize: 17
                }
            }
            Row {
                id: buttons
                anchors { right: parent.right; rightMargin: 14; verticalCenter: parent.verticalCenter }
                spacing: 6
                ActionButton {
                    objectName: "enrolRequest"
                    text: qsTr("Enrol")
                    size: 19
                    onClicked: Kiosk.requests.enrol(request.code)
                }
                IconButton {
                    objectName: "forgetRequest"
                    kind: "bare"
                    icon: "trash"
                    label: qsTr("Not wanted")
                    onClicked: Kiosk.requests.forget(request.code)
                }
            }
        }
    }
    ScrollMark { flick: list }
}
