import QtQuick
import Shelflens
import "../widgets"

// Asks before a picture is taken that may show another product.
Rectangle {
    id: question
    readonly property string other: Kiosk.enrol.doubt ? Kiosk.enrol.doubt.name : ""

    visible: !!Kiosk.enrol.doubt
    height: content.implicitHeight + 36
    radius: Theme.radius
    color: Theme.paper
    Column {
        id: content
        anchors { left: parent.left; right: parent.right; top: parent.top; margins: 18 }
        spacing: 12
        Label {
            width: parent.width
            wrapMode: Text.Wrap
            maximumLineCount: 3
            font.weight: Font.DemiBold
            text: question.other !== ""
                ? qsTr("The shop has this already: %1. Take the picture all the same?").arg(question.other)
                : qsTr("This looks like another product than before. Take the picture all the same?")
        }
        Row {
            spacing: 12
            ActionButton {
                objectName: "leaveOut"
                width: (content.width - 12) / 2
                kind: "primary"
                text: qsTr("Leave it out")
                onClicked: Kiosk.enrol.leaveOut()
            }
            ActionButton {
                objectName: "takeAnyway"
                width: (content.width - 12) / 2
                text: qsTr("Take it")
                onClicked: Kiosk.enrol.takeAnyway()
            }
        }
    }
}
