import QtQuick
import Shelflens
import "../widgets"

// After saving: how well the new photos are recognised, and what would help.
Item {
    id: screen
    readonly property var rehearsal: Kiosk.enrol.rehearsal
    readonly property bool flawless: !rehearsal || rehearsal.right === rehearsal.tried

    Column {
        anchors.centerIn: parent
        width: Math.min(parent.width - 96, 760)
        spacing: 20
        RoundSign {
            anchors.horizontalCenter: parent.horizontalCenter
            icon: screen.flawless ? "check" : "warning"
            tone: screen.flawless ? "sure" : "unsure"
        }
        Label {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            maximumLineCount: 3
            text: screen.rehearsal ? qsTr("%1 is in the catalogue").arg(screen.rehearsal.name) : ""
            font.pixelSize: Theme.titleSize
            font.weight: Font.Bold
        }
        Label {
            objectName: "rehearsalText"
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            color: Theme.mute
            font.pixelSize: 26
            visible: text !== ""
            text: !screen.rehearsal ? ""
                : screen.rehearsal.tried === 0 ? qsTr("With one picture there is nothing to rehearse with. A second one helps.")
                : qsTr("Rehearsal: recognised %1 of %2.").arg(screen.rehearsal.right).arg(screen.rehearsal.tried)
        }
        Notice {
            width: parent.width
            icon: "warning"
            text: screen.rehearsal && screen.rehearsal.confusedTimes > 0 ? qsTr("Taken for %1 (%2×). A photo of the label, or of what is different, settles it.").arg(screen.rehearsal.confusedName).arg(screen.rehearsal.confusedTimes) : ""
        }
        Notice {
            width: parent.width
            tone: "plain"
            icon: "image"
            text: screen.rehearsal && screen.rehearsal.outliers > 0 ? qsTr("One picture looks like none of the others. Look at it under Products.") : ""
        }
        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: 16
            ActionButton {
                icon: "camera"
                text: qsTr("Add a photo")
                onClicked: Kiosk.enrol.photograph(screen.rehearsal.sku)
            }
            ActionButton {
                objectName: "nextProduct"
                kind: "primary"
                icon: "plus"
                text: qsTr("Another product")
                onClicked: Kiosk.enrol.next()
            }
        }
    }
}
