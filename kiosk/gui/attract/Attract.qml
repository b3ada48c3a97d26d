pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../camera"
import "../widgets"

// A calm invitation: products of the shop come and go inside the reticle.
Rectangle {
    id: screen
    property bool portrait: false
    color: Theme.paper

    MouseArea { anchors.fill: parent; onClicked: Kiosk.app.touched() }

    Mark {
        x: Theme.margin
        y: 28
        onHeld: Kiosk.app.go("pin")
    }

    Item {
        id: show
        readonly property real side: screen.portrait ? 440 : 400
        width: side
        height: side
        x: screen.portrait ? (screen.width - side) / 2 : screen.width * 0.73 - side / 2
        y: screen.portrait ? screen.height * 0.2 : (screen.height - side) / 2

        Rectangle {
            anchors.centerIn: parent
            width: parent.side * 0.76
            height: width
            radius: width / 2
            color: Theme.leafPale
        }
        Repeater {
            model: Kiosk.attract.skus
            ProductPicture {
                required property int index
                required property string modelData
                anchors.centerIn: parent
                width: show.side * 0.56
                height: width
                radius: 36
                sku: modelData
                opacity: index === Kiosk.attract.at ? 1 : 0
                visible: opacity > 0
                Behavior on opacity { NumberAnimation { duration: Theme.motion * 2 } }
            }
        }
        Icon {
            anchors.centerIn: parent
            visible: Kiosk.attract.skus.length === 0
            name: "box"
            size: 150
            color: Theme.leaf
        }
        Reticle {
            anchors.fill: parent
            color: Theme.leaf
            stroke: 8
        }
    }

    Column {
        id: words
        x: Theme.margin + (screen.portrait ? 0 : 20)
        width: screen.portrait ? screen.width - 2 * Theme.margin : screen.width * 0.46
        y: screen.portrait ? show.y + show.side + 84 : (screen.height - implicitHeight) / 2 - 44
        spacing: 18
        Label {
            width: parent.width
            text: Kiosk.setup.stocked ? qsTr("Show me a product") : qsTr("No products yet")
            font.pixelSize: screen.portrait ? 62 : 68
            font.weight: Font.Bold
            wrapMode: Text.Wrap
            maximumLineCount: 3
            lineHeight: 1.05
            horizontalAlignment: screen.portrait ? Text.AlignHCenter : Text.AlignLeft
        }
        Label {
            width: parent.width
            text: Kiosk.setup.stocked ? qsTr("I tell you its name and price.") : qsTr("For staff: photograph the first one, it takes a minute.")
            color: Theme.mute
            font.pixelSize: 30
            wrapMode: Text.Wrap
            horizontalAlignment: screen.portrait ? Text.AlignHCenter : Text.AlignLeft
        }
        Label {
            width: parent.width
            text: Kiosk.settings.keepTapPictures ? qsTr("Your picture may be kept when you correct me.") : qsTr("Pictures stay in this kiosk and are not kept.")
            color: Theme.mute
            font.pixelSize: 24
            wrapMode: Text.Wrap
            horizontalAlignment: screen.portrait ? Text.AlignHCenter : Text.AlignLeft
        }
    }

    Banner {
        visible: Kiosk.camera.lost
        anchors { horizontalCenter: parent.horizontalCenter; top: parent.top; topMargin: 32 }
        maximumWidth: screen.width - 480
        icon: "camera-off"
        text: qsTr("The camera is resting; search by name works.")
    }

    Row {
        id: bar
        anchors { bottom: parent.bottom; bottomMargin: screen.portrait ? 84 : 44 }
        x: screen.portrait ? (screen.width - width) / 2 : words.x
        spacing: 14
        ActionButton {
            kind: "primary"
            icon: Kiosk.setup.stocked ? "search" : "lock"
            text: Kiosk.setup.stocked ? qsTr("Search by name") : qsTr("Staff: set up")
            onClicked: Kiosk.app.go(Kiosk.setup.stocked ? "find" : "pin")
        }
        Repeater {
            model: Kiosk.app.otherLanguages
            ActionButton {
                required property string code
                required property string name
                text: name
                onClicked: Kiosk.app.speak(code)
            }
        }
    }
}
