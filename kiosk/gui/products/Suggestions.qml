pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../widgets"

// Pictures that customers' corrections propose for the selected product.
Column {
    spacing: 8
    visible: proposals.count > 0
    Label {
        width: parent.width
        text: qsTr("Customers say that this is it. Add the picture?")
        font.weight: Font.DemiBold
        font.pixelSize: 19
    }
    Row {
        spacing: 12
        Repeater {
            id: proposals
            model: Kiosk.suggestions.pictures
            Item {
                id: proposal
                required property string name
                required property string picture
                width: 132
                height: 172
                ProductPicture { width: 132; height: 108; key: proposal.picture }
                Row {
                    anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter }
                    spacing: 4
                    IconButton { icon: "check"; label: qsTr("Add"); onClicked: Kiosk.suggestions.accept(proposal.name) }
                    IconButton { icon: "close"; label: qsTr("Reject"); onClicked: Kiosk.suggestions.reject(proposal.name) }
                }
            }
        }
    }
}
